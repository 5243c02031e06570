import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interpreter } from './interpreter.ts'
import { mean, sum } from './ops/reductions.ts'
import { sgd } from './optimiser.ts'
import { input, parameter } from './tensor.ts'
import { checkTrainingEngine } from './training.checks.ts'

checkTrainingEngine('interpreter', interpreter())

test('a program that cannot be trained is refused when it is opened', () => {
  const w = parameter('w', [2])
  const refused = (program: { loss: typeof w; rows: string[] }, words: RegExp) =>
    assert.throws(() => interpreter().open({ ...program, optimiser: sgd() }, { w: Float64Array.of(1, 2) }), {
      code: 'TRAINING_INPUT',
      message: words,
    })
  refused({ loss: w, rows: ['x'] }, /loss is told of each step and must be a scalar/)
  refused({ loss: mean(input('x', [2])), rows: ['x'] }, /no parameter/)
  refused({ loss: sum(w), rows: ['x'] }, /no input x/)
  refused({ loss: sum(w), rows: [] }, /one batch/)
})
