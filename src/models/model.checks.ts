// The laws that every model of the catalogue keeps, as tests to run on each of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { foreignOps } from '../onnx/allow-list.ts'
import { floatsOf, intsOf } from '../onnx/attributes.ts'
import { encodeModel } from '../onnx/encode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { validateModel } from '../onnx/validate.ts'
import { assembleGraph } from './graph.ts'
import type { BatchModel, FittedModel, LearningSet, Saved } from './model.ts'
import type { FitPoint } from './watch.ts'

const WIDTH = 5
const COUNT = 400
const CLASSES = 3

/** Five columns, the last one constant, two of them informative; classes or values by the task. */
function learningSet(model: BatchModel, missing = 0): LearningSet {
  const rng = seededRng('laws')
  const rows = new Float32Array(COUNT * WIDTH)
  const targets = new Float32Array(COUNT)
  for (let row = 0; row < COUNT; row++) {
    const values = [rng.normal(), rng.normal(), rng.next(), Math.floor(4 * rng.next()), 1]
    rows.set(values, row * WIDTH)
    const signal = values[0]! + values[3]! * values[1]! + 0.3 * rng.normal()
    targets[row] = model.task === 'regression' ? signal : signal < -0.5 ? 0 : signal < 0.5 ? 1 : 2
    if (missing > 0) for (let c = 0; c < WIDTH; c++) if (rng.next() < missing) rows[row * WIDTH + c] = Number.NaN
  }
  return { rows, count: COUNT, width: WIDTH, targets, classes: CLASSES }
}

const graphOf = (fitted: FittedModel): OnnxModel =>
  assembleGraph({ name: 'model', width: fitted.width, output: 'output', parts: [fitted], metadata: {} })

const floatNextTo = (value: number, step: 1 | -1): number => {
  const float = Float32Array.of(value)
  const bits = new Int32Array(float.buffer)
  if (value === 0) return step * 2 ** -149
  bits[0]! += value > 0 ? step : -step
  return float[0]!
}

/** Training rows with one column set onto, just above and just below each threshold of the exported trees. */
function rowsAtThresholds(model: OnnxModel, { rows, width }: LearningSet): Float32Array {
  const made: number[] = []
  for (const node of model.nodes.filter(({ opType }) => opType === 'TreeEnsembleRegressor')) {
    const columns = intsOf(node, 'nodes_featureids')
    for (const [n, threshold] of floatsOf(node, 'nodes_values').slice(0, 2000).entries()) {
      for (const value of [threshold, floatNextTo(threshold, 1), floatNextTo(threshold, -1)]) {
        const row = Array.from(rows.subarray((n % COUNT) * width, ((n % COUNT) + 1) * width))
        row[columns[n]!] = value
        made.push(...row)
      }
    }
  }
  return made.length > 0 ? Float32Array.from(made) : rows
}

const decision = (values: Float32Array): number => values.indexOf(Math.max(...values))

/** @param make a small instance: the laws fit it a dozen times */
export function checkBatchModel(name: string, make: () => BatchModel): void {
  const set = learningSet(make())
  const fit = (seed = 1, given = set): FittedModel => make().fit(given, { rng: seededRng(seed) })

  test(`${name}: being watched changes no byte, and what is told is finite and goes forward`, () => {
    const told: FitPoint[] = []
    const watched = make().fit(set, { rng: seededRng(1), watch: point => void told.push(point) })
    assert.equal(JSON.stringify(watched.save()), JSON.stringify(fit().save()))
    for (const points of Map.groupBy(told, ({ curve }) => curve).values()) {
      assert.ok(points.every(({ x, y }, at) => Number.isFinite(y) && x > (points[at - 1]?.x ?? -1)))
      assert.ok(points.length <= 100)
    }
  })

  test(`${name}: the same rows and seed give the same bytes`, () => {
    assert.equal(JSON.stringify(fit().save()), JSON.stringify(fit().save()))
    assert.deepEqual(encodeModel(graphOf(fit())), encodeModel(graphOf(fit())))
  })

  test(`${name}: neither fit nor predict changes what it is given`, () => {
    const copy = { rows: set.rows.slice(), targets: set.targets.slice() }
    fit().predict(set.rows, COUNT)
    assert.deepEqual(set.rows, copy.rows)
    assert.deepEqual(set.targets, copy.targets)
  })

  test(`${name}: a row alone and in a batch gets the same bits`, () => {
    const fitted = fit()
    const all = fitted.predict(set.rows, COUNT)
    for (let row = 0; row < COUNT; row += 37) {
      const alone = fitted.predict(set.rows.subarray(row * WIDTH, (row + 1) * WIDTH), 1)
      assert.deepEqual(alone, all.slice(row * fitted.outputs, (row + 1) * fitted.outputs))
    }
  })

  test(`${name}: saved as JSON and loaded it is the same model`, () => {
    const fitted = fit()
    const loaded = make().load(JSON.parse(JSON.stringify(fitted.save())) as Saved)
    assert.deepEqual(loaded.predict(set.rows, COUNT), fitted.predict(set.rows, COUNT))
    assert.deepEqual(loaded.importance(), fitted.importance())
    assert.equal(JSON.stringify(loaded.save()), JSON.stringify(fitted.save()))
  })

  test(`${name}: rows with missing values are learnt from and predicted with finite numbers`, () => {
    const gappy = learningSet(make(), 0.2)
    const fitted = fit(1, gappy)
    assert.ok(fitted.predict(gappy.rows, COUNT).every(Number.isFinite))
    assert.ok(fit().predict(gappy.rows, COUNT).every(Number.isFinite))
    const empty = new Float32Array(WIDTH).fill(Number.NaN)
    assert.ok(fitted.predict(empty, 1).every(Number.isFinite))
    const served = unwrap(compileModel(graphOf(fitted))).run(gappy.rows, COUNT)
    const own = fitted.predict(gappy.rows, COUNT)
    for (const [at, value] of own.entries()) assert.ok(Math.abs(value - served[at]!) <= 1e-5, `value ${at}`)
  })

  test(`${name}: the exported graph is valid and decides the same, on thresholds and a float step beside them too`, () => {
    const fitted = fit()
    const model = graphOf(fitted)
    assert.deepEqual(foreignOps(model), [])
    const evaluator = unwrap(compileModel(unwrap(validateModel(encodeModel(model)))))
    for (const rows of [set.rows, rowsAtThresholds(model, set)]) {
      const count = rows.length / WIDTH
      const own = fitted.predict(rows, count)
      const served = evaluator.run(rows, count)
      for (let row = 0; row < count; row++) {
        const [ours, theirs] = [own, served].map(all => all.subarray(row * fitted.outputs, (row + 1) * fitted.outputs))
        for (const [k, value] of ours!.entries()) assert.ok(Math.abs(value - theirs![k]!) <= 1e-5, `row ${row}`)
        assert.equal(decision(ours!), decision(theirs!))
      }
    }
  })

  test(`${name}: one row, equal rows and a constant target give finite numbers`, () => {
    const one = {
      rows: set.rows.slice(0, WIDTH),
      count: 1,
      width: WIDTH,
      targets: Float32Array.of(1),
      classes: CLASSES,
    }
    const same = { ...set, rows: new Float32Array(COUNT * WIDTH).fill(3) }
    const constant = { ...set, targets: new Float32Array(COUNT).fill(1) }
    for (const odd of [one, same, constant]) assert.ok(fit(1, odd).predict(set.rows, COUNT).every(Number.isFinite))
  })

  test(`${name}: unusable rows are refused by name`, () => {
    const code = (given: LearningSet, expected: string) => assert.throws(() => fit(1, given), { code: expected })
    code(
      { rows: new Float32Array(0), count: 0, width: WIDTH, targets: new Float32Array(0), classes: 2 },
      'TOO_FEW_ROWS',
    )
    code({ ...set, targets: set.targets.map(() => Number.NaN) }, 'DEGENERATE_INPUT')
    code({ ...set, weights: new Float64Array(COUNT) }, 'DEGENERATE_INPUT')
    code({ ...set, weights: new Float64Array(COUNT).fill(-1) }, 'DEGENERATE_INPUT')
    assert.throws(() => make().load({ kind: 'another' }), { code: 'MODEL_STATE_INVALID' })
  })

  test(`${name}: column importances are shares, and the constant column has none`, () => {
    const shares = fit().importance()
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12)
    assert.equal(shares[WIDTH - 1], 0)
    assert.ok(shares[2]! < shares[0]! && shares[2]! < shares[1]!)
  })
}
