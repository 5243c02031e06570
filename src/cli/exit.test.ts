import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EXIT, exitCodeOf } from './exit.ts'

test('the exit codes are those of CLI-02', () => {
  assert.deepEqual(EXIT, {
    done: 0,
    refused: 1,
    usage: 2,
    unreachable: 3,
    notFound: 4,
    conflict: 5,
    partly: 6,
    configuration: 78,
    interrupted: 130,
  })
})

const cases: readonly (readonly [code: string, exit: number])[] = [
  ['CONFIG_INVALID', 78],
  ['INSTALL_BUSY', 5],
  ['LOCK_BUSY', 5],
  ['BLOB_CONFLICT', 5],
  ['POINTER_CONFLICT', 5],
  ['RELEASE_UNKNOWN', 4],
  ['DATA_NONE_STORED', 4],
  ['SOURCE_EMPTY', 3],
  ['TRANSFER_TRUNCATED', 3],
  ['SLOW_RETRIEVAL', 3],
  ['BREAKER_OPEN', 3],
  ['URL_CREDENTIALS', 2],
  ['TLS_EXPIRED', 1],
  ['DATA_TIME_ZONE', 2],
  ['FILE_MISSING', 2],
  ['BARS_MISSING', 2],
  ['KEY_MISSING', 2],
  ['MANIFEST_SYNTAX', 2],
  ['RELEASE_AMBIGUOUS', 2],
  ['USAGE', 2],
  ['SIGNATURE_INVALID', 1],
  ['MEMBER_HASH', 1],
  ['GATE_REFUSED', 1],
  ['FEATURE_MISMATCH', 1],
]

test('a fault ends the command with the code of its kind; what is of no kind was refused', () => {
  for (const [code, exit] of cases) assert.equal(exitCodeOf(code), exit, code)
  assert.equal(exitCodeOf('SOMETHING_NEW'), EXIT.refused)
})

test('a code that only begins like a whole one is not taken for it', () => {
  assert.equal(exitCodeOf('LOCK_BUSY_NOT'), EXIT.refused)
  assert.equal(exitCodeOf('MY_CONFIG_INVALID'), EXIT.refused)
})
