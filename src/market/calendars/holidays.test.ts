import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256 } from '../../base/hash.ts'
import { HOLIDAYS_VALID_UNTIL, HOLIDAYS_VERSION, usHolidays } from './holidays.ts'

test('a table that changes has another version: this one is 2026.1', () => {
  const last = Number(HOLIDAYS_VALID_UNTIL.slice(0, 4))
  const table = Array.from({ length: last - 1989 }, (_, i) => ({
    ...usHolidays(1990 + i),
    newYear: usHolidays(1990 + i).newYear ?? null,
  }))
  const print = sha256(canonicalJson({ until: HOLIDAYS_VALID_UNTIL, table }))
  // Another print: raise the version, then write down both.
  assert.deepEqual([HOLIDAYS_VERSION, print.slice(0, 16)], ['2026.1', '8e70d82d49cd0255'])
})
