import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { checkedOptions, type RuntimeOptions } from './runtime-options.ts'

const GOOD: RuntimeOptions = {
  stateDir: 'models',
  source: { kind: 'files', place: '/mnt/models' },
  trust: { hmacKey: 'a key for tests that nobody else has' },
  symbol: 'SPX',
}

const problemsOf = (options: unknown): string => {
  try {
    checkedOptions(options as RuntimeOptions)
    return 'none'
  } catch (cause) {
    assert.ok(cause instanceof Fault)
    assert.equal(cause.code, 'OPTIONS_INVALID')
    return cause.message
  }
}

test('good options are taken as they are, optional ones too', () => {
  assert.equal(checkedOptions(GOOD), GOOD)
  const source = { kind: 'manifest', url: 'https://cdn.example.com', apiKey: 'k', requestsPerMinute: 30 }
  const more = {
    channel: 'beta',
    pollMinutes: 1,
    isFlat: () => true,
    flatPollSeconds: 0.5,
    maxWaitMinutes: 1,
    keepWarmMinutes: 0,
  }
  assert.equal(problemsOf({ ...GOOD, ...more, source, onLog: () => {} }), 'none')
  assert.equal(problemsOf({ ...GOOD, channel: undefined, isFlat: undefined }), 'none')
})

test('every option that is missing, misspelt, of another kind or out of range is named at once', () => {
  const { symbol: _, ...rest } = GOOD
  const said = problemsOf({ ...rest, pollMinute: 3, pollMinutes: 0, isFlat: true, source: { kind: 'ftp' } })
  for (const name of ['symbol: ', 'pollMinute"', 'pollMinutes: ', 'isFlat: a function', 'source.kind: ']) {
    assert.ok(said.includes(name), `${name} is not in ${said}`)
  }
  assert.match(problemsOf(undefined), /^options: /)
})

test('a key of the wrong kind is named and not shown', () => {
  const said = problemsOf({ ...GOOD, trust: { hmacKey: 31415926, key: 'hunter2' } })
  assert.match(said, /trust\.hmacKey/)
  assert.ok(!/31415926|hunter2/.test(said), said)
})

test('of several keys each is checked where it stands: one kind each, and nothing that goes with another kind', () => {
  const trust = [{ publicKey: '0', use: 'root' }, { botKey: 'x', revoked: true }, GOOD.trust]
  assert.equal(problemsOf({ ...GOOD, trust }), 'none')
  assert.match(problemsOf({ ...GOOD, trust: [] }), /^trust: /)
  const said = problemsOf({
    ...GOOD,
    trust: [{}, { hmacKey: 'a', botKey: 'b' }, { botKey: 'b', keyid: 'c', use: 'root' }],
  })
  for (const name of ['trust.0: one of', 'trust.1: one of', 'trust.2.keyid: goes with', 'trust.2.use: goes with']) {
    assert.ok(said.includes(name), `${name} is not in ${said}`)
  }
})
