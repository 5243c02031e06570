import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interpreter } from '../../tensor/interpreter.ts'
import { OP_CASES, opLoss } from '../../tensor/ops/ops.checks.ts'
import { sgd } from '../../tensor/optimiser.ts'
import { onnxRuntimeTraining } from './training.ts'

/** Largest difference as a share of the larger of 1 and the values' own size. */
function apart(a: Float64Array, b: Float64Array): number {
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) / size), 0)
}

const engine = onnxRuntimeTraining()

for (const name of Object.keys(OP_CASES)) {
  test(`ten steps of ${name} are those of the interpreter`, async () => {
    const { loss, initial } = opLoss(name)
    const program = { loss, rows: ['row'], optimiser: sgd({ momentum: 0.9 }), gradientNorm: 1 }
    const epoch = { order: new Int32Array(10), rate: 0.01 }
    const [ours, theirs] = [interpreter().open(program, initial), await engine.open(program, initial)]
    for (const session of [ours, theirs]) await session.load({ row: Float32Array.of(1) })
    assert.ok(apart(ours.epoch(epoch).loss!, (await theirs.epoch(epoch)).loss!) <= 1e-4, 'losses')
    const [own, other] = [ours.save(), await theirs.save()]
    assert.ok(apart(own.moments[0]!, other.moments[0]!) <= 1e-4, 'sums of gradients')
    for (const [leaf, values] of Object.entries(own.parameters)) {
      assert.ok(
        values.some((value, i) => value !== initial[leaf]![i]),
        `${leaf} moves`,
      )
      assert.ok(apart(values, other.parameters[leaf]!) <= 1e-4, leaf)
    }
    await theirs.close()
  })
}
