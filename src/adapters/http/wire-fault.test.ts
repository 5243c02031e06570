import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../base/fault.ts'
import { failureKind } from './failure-kind.ts'
import { retryAfterMs, ServerBusy, statusFault, wireFault } from './wire-fault.ts'

const NOW = Date.UTC(2026, 0, 15)
const MINUTES = 60_000
const date = (ms: number) => new Date(ms).toUTCString()

for (const [header, expected] of [
  ['7', 7_000],
  ['0', 0],
  ['-3', 0],
  ['315360000', 5 * MINUTES],
  ['1e9', undefined],
  ['soon', undefined],
  ['', undefined],
  [date(NOW + 42_000), 42_000],
  [date(NOW - 42_000), 0],
  [date(Date.UTC(2036, 0, 1)), 5 * MINUTES],
] as const) {
  test(`fault 7: Retry-After ${JSON.stringify(header)} means ${expected} ms`, () => {
    assert.equal(retryAfterMs(header, date(NOW), 0), expected)
  })
}

test('fault 7: any Retry-After at all is obeyed for 0 to 5 minutes or ignored', () => {
  const texts = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String), fc.date().map(String))
  fc.assert(
    fc.property(texts, texts, fc.integer(), (header, sent, now) => {
      const ms = retryAfterMs(header, sent, now)
      assert.ok(ms === undefined || (ms >= 0 && ms <= 5 * MINUTES))
    }),
    { numRuns: 2_000, seed: 7 },
  )
})

test('a date is read against the server\u2019s own clock, wherever ours stands', () => {
  assert.equal(retryAfterMs(date(NOW + 9_000), date(NOW), NOW + 1e10), 9_000)
  assert.equal(retryAfterMs(date(NOW + 9_000), undefined, NOW), 9_000)
})

/** RSL-02 word by word. */
test('retried are connection errors, timeouts, 408, 429, 500, 502, 503 and 504, and nothing else', () => {
  const retried = (fault: Fault) => failureKind(fault).retry !== false
  const statuses = Array.from({ length: 500 }, (_, n) => 100 + n)
  assert.deepEqual(
    statuses.filter(status => retried(statusFault(status, 'x', undefined))),
    [408, 429, 500, 502, 503, 504],
  )
  const error = (code: string) => wireFault(Object.assign(new Error('x'), { code }), 'x')
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ETIMEDOUT']) {
    assert.ok(retried(error(code)), code)
  }
  for (const code of ['CERT_HAS_EXPIRED', 'HPE_INVALID_CONSTANT', 'EPROTO', 'ESOMETHING', '']) {
    assert.ok(!retried(error(code)), code)
  }
  for (const code of ['SLOW_RETRIEVAL', 'CONTENT_ENCODING', 'REDIRECT_HOST', 'MEMBER_HASH', 'FILE_MISSING']) {
    assert.ok(!retried(new Fault(code, 'x')), code)
  }
  assert.equal(failureKind(new TypeError('a bug')).retry, false)
})

test('a server that answers in order is well, whatever it answers', () => {
  const counts = (fault: unknown) => failureKind(fault).counts
  for (const status of [401, 403, 404, 410, 418]) assert.ok(!counts(statusFault(status, 'x', undefined)), `${status}`)
  for (const status of [429, 500, 503]) assert.ok(counts(statusFault(status, 'x', undefined)), `${status}`)
  for (const code of ['SLOW_RETRIEVAL', 'TLS_EXPIRED', 'TRANSFER_TRUNCATED', 'DEADLINE_EXCEEDED']) {
    assert.ok(counts(new Fault(code, 'x')), code)
  }
})

test('a pause that was asked for travels with the fault', () => {
  const fault = statusFault(503, 'x', 9_000)
  assert.ok(fault instanceof ServerBusy)
  assert.equal(failureKind(fault).pauseMs, 9_000)
})
