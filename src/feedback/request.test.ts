import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf } from './request.ts'
import { type DriftSignal, severityOf } from './signal.ts'

const HOUR = 3_600_000
const signal = (value: number, level: DriftSignal['level'] = 'trigger'): DriftSignal => {
  return { detector: 'psi', level, value, limit: 0.3, n: 120, sentence: 'PSI' }
}
const asked = { model: 'meta', now: 10 * HOUR, lastAt: undefined, cooldownMs: 2 * HOUR }

test('warnings ask for nothing; of triggers the gravest is the reason', () => {
  assert.equal(requestOf({ ...asked, signals: [signal(9, 'warn')] }), undefined)
  const request = requestOf({ ...asked, signals: [signal(0.31), signal(0.6), signal(0.4)] })
  assert.deepEqual([request?.signal.value, request?.severity, request?.model], [0.6, 'critical', 'meta'])
})

test('a model is asked for once within the cooldown', () => {
  const signals = [signal(0.4)]
  assert.equal(requestOf({ ...asked, signals, lastAt: 8 * HOUR + 1 }), undefined)
  assert.notEqual(requestOf({ ...asked, signals, lastAt: 8 * HOUR }), undefined)
})

test('severity goes by the deviation', () => {
  assert.deepEqual(
    [0.51, 0.31, -0.2, 0.1].map(value => severityOf({ value })),
    ['critical', 'high', 'medium', 'low'],
  )
})
