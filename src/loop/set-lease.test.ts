import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { taggedSet } from '../serving/fixtures/tagged-set.ts'
import { fixedModels } from './set-lease.ts'

/** A set whose roles throw what `faults` holds for them at that moment. */
function flaky() {
  const faults = new Map<string, Error>()
  const set = taggedSet(1)
  const roles = [...set.roles].map(([role, evaluator]) => {
    const run: typeof evaluator.run = (rows, count) => {
      const fault = faults.get(role)
      if (fault !== undefined) throw fault
      return evaluator.run(rows, count)
    }
    return [role, { ...evaluator, run }] as const
  })
  return { faults, lease: fixedModels({ ...set, roles: new Map(roles) }, []).lease() }
}
const row = new Float32Array(17)

test('a host that was late or fell gives no number and says which, until the next decision', () => {
  const { faults, lease } = flaky()
  for (const [given, told] of [
    ['INFERENCE_LATE', 'INFERENCE_LATE'],
    ['INFERENCE_FAILED', 'INFERENCE_FAILED'],
    ['HOST_UNAVAILABLE', 'INFERENCE_FAILED'],
  ] as const) {
    faults.set('rl_sizer', new Fault(given, 'no answer'))
    assert.ok(lease.probabilities(row).every(Number.isFinite))
    assert.equal(lease.silence?.(), undefined)
    assert.equal(lease.size(row), Number.NaN)
    assert.equal(lease.silence?.(), told)
    faults.clear()
    lease.probabilities(row)
    assert.equal(lease.silence?.(), undefined)
  }
})

test('what failed first is what is told, and a bug is no silence', () => {
  const { faults, lease } = flaky()
  faults.set('meta', new Fault('INFERENCE_LATE', 'no answer'))
  faults.set('rl_sizer', new Fault('INFERENCE_FAILED', 'no answer'))
  assert.ok(lease.probabilities(row).every(Number.isNaN))
  lease.size(row)
  assert.equal(lease.silence?.(), 'INFERENCE_LATE')
  faults.set('meta', new TypeError('a bug'))
  assert.throws(() => lease.probabilities(row), TypeError)
})
