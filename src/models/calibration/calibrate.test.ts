import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { assembleGraph } from '../graph.ts'
import { calibrationOf, fitCalibration } from './calibrate.ts'
import type { CalibrationState } from './class-calibration.ts'

const COUNT = 6000

/** Three classes; what the model says is the truth bent by `bend`. */
function bentRows(bend: (share: number) => number): { probabilities: Float32Array; targets: Float64Array } {
  const rng = seededRng('bent')
  const probabilities = new Float32Array(COUNT * 3)
  const targets = new Float64Array(COUNT)
  for (let row = 0; row < COUNT; row++) {
    const truth = [rng.next(), rng.next(), rng.next()]
    const total = truth[0]! + truth[1]! + truth[2]!
    const drawn = rng.next() * total
    targets[row] = drawn < truth[0]! ? 0 : drawn < truth[0]! + truth[1]! ? 1 : 2
    for (const [k, share] of truth.entries()) probabilities[row * 3 + k] = bend(share / total)
  }
  return { probabilities, targets }
}

const meanLogLoss = (probabilities: Float32Array, targets: ArrayLike<number>): number => {
  let loss = 0
  for (let row = 0; row < targets.length; row++) loss -= Math.log(probabilities[row * 3 + targets[row]!]!)
  return loss / targets.length
}

const bent = bentRows(share => 1 / (1 + Math.exp(-8 * (share - 0.4))))

test('bent probabilities are straightened: the log loss falls', () => {
  const calibration = fitCalibration({ ...bent, count: COUNT, classes: 3 })
  const plain = calibrationOf({ classes: Array.from({ length: 3 }, () => ({ method: 'identity' as const })) })
  const before = meanLogLoss(plain.apply(bent.probabilities, COUNT), bent.targets)
  const after = meanLogLoss(calibration.apply(bent.probabilities, COUNT), bent.targets)
  assert.ok(after < before - 0.005, `${after} against ${before}`)
  assert.ok(calibration.methods.every(method => method !== 'identity'))
})

test('a step that no sigmoid follows is given to isotonic regression, a sigmoid to the sigmoid', () => {
  const rng = seededRng('shape')
  const scores = Float64Array.from({ length: COUNT }, () => rng.next())
  const fitBinary = (truth: (score: number) => number) => {
    const targets = scores.map(score => (rng.next() < truth(score) ? 1 : 0))
    const probabilities = Float32Array.from({ length: COUNT * 2 }, (_, at) =>
      at % 2 === 1 ? scores[at >> 1]! : 1 - scores[at >> 1]!,
    )
    return fitCalibration({ probabilities, count: COUNT, classes: 2, targets }).methods[1]
  }
  assert.equal(
    fitBinary(score => (score < 0.3 ? 0.1 : score < 0.7 ? 0.5 : 0.55)),
    'isotonic',
  )
  assert.equal(
    fitBinary(score => 1 / (1 + Math.exp(-(2 * score - 3)))),
    'sigmoid',
  )
})

test('probabilities that are right already are left as they are', () => {
  const right = bentRows(share => share)
  const methods = fitCalibration({ ...right, count: COUNT, classes: 3 }).methods
  assert.ok(methods.includes('identity'), methods.join())
})

test('a class that a half never saw is left as it is', () => {
  const probabilities = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.6, 0.4, 0.3, 0.7)
  const calibration = fitCalibration({ probabilities, count: 4, classes: 2, targets: [0, 0, 0, 1] })
  assert.deepEqual(calibration.methods, ['identity', 'identity'])
})

test('rows sum to 1 and nothing is impossible', () => {
  const calibration = fitCalibration({ ...bent, count: COUNT, classes: 3 })
  const out = calibration.apply(Float32Array.of(1, 0, 0, 0, 0, 0, 0.2, 0.3, 0.5), 3)
  for (let row = 0; row < 3; row++) {
    const shares = out.subarray(row * 3, row * 3 + 3)
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6)
    assert.ok(shares.every(share => share > 0))
  }
})

const mixed: CalibrationState = {
  classes: [
    { method: 'identity' },
    { method: 'sigmoid', sigmoid: { slope: Math.fround(5.3), shift: Math.fround(-2.1) } },
    fitCalibration({ ...bent, count: COUNT, classes: 3 }).save().classes[2]!,
  ],
}

for (const [name, state] of [
  ['all methods mixed', mixed],
  ['identity', { classes: [{ method: 'identity' }, { method: 'identity' }, { method: 'identity' }] }],
] as const satisfies readonly (readonly [string, CalibrationState])[]) {
  test(`the graph gives what apply gives: ${name}`, () => {
    const calibration = calibrationOf(JSON.parse(JSON.stringify(state)) as CalibrationState)
    const graph = assembleGraph({ name: 'c', width: 3, output: 'probabilities', parts: [calibration], metadata: {} })
    const served = unwrap(compileModel(graph)).run(bent.probabilities, COUNT)
    const own = calibration.apply(bent.probabilities, COUNT)
    for (const [at, value] of own.entries()) assert.ok(Math.abs(value - served[at]!) < 1e-6, `value ${at}`)
  })
}
