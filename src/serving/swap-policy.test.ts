import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positionsAfterRollback, type SwapRules, swapStep } from './swap-policy.ts'

const RULES: SwapRules = { policy: 'flatOnly', maxWait: 240, onStarve: 'pinToEntry' }

test('flatOnly swaps a flat book at once and waits for any other, an unknown one included', () => {
  assert.deepEqual(swapStep(RULES, { flat: true, waited: 0 }), { swap: true, positions: 'pinToEntry', starved: false })
  for (const flat of [false, undefined]) {
    assert.deepEqual(swapStep(RULES, { flat, waited: 239 }), { swap: false, starved: false })
  }
})

test('a swap that starves goes ahead with the positions pinned, or waits on with an alarm, as the rules say', () => {
  assert.deepEqual(swapStep(RULES, { flat: false, waited: 240 }), {
    swap: true,
    positions: 'pinToEntry',
    starved: true,
  })
  const patient = { ...RULES, onStarve: 'keepWaiting' } as const
  assert.deepEqual(swapStep(patient, { flat: false, waited: 1e6 }), { swap: false, starved: true })
  assert.equal(swapStep(patient, { flat: true, waited: 1e6 }).swap, true)
})

test('the other policies wait for nothing and say what becomes of positions', () => {
  for (const policy of ['pinToEntry', 'handoff'] as const) {
    const step = swapStep({ ...RULES, policy }, { flat: undefined, waited: 0 })
    assert.deepEqual(step, { swap: true, positions: policy, starved: false })
  }
})

test('after proven harm no position stays with the set that did it', () => {
  assert.equal(positionsAfterRollback('pinToEntry', true), 'handoff')
  assert.equal(positionsAfterRollback('pinToEntry', false), 'pinToEntry')
  assert.equal(positionsAfterRollback('flatten', true), 'flatten')
})
