import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, unwrap } from '../../base/fault.ts'
import { type Rng, seededRng } from '../../base/rng.ts'
import { worstMean } from '../../math/cvar.ts'
import { mean } from '../../math/statistics.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { evaluate, forward } from '../../tensor/evaluate.ts'
import { assembleGraph, type Exportable } from '../graph.ts'
import type { FitPoint, Watch } from '../watch.ts'
import { constantSizer } from './constant-sizer.ts'
import { loadSizer } from './fitted-sizer.ts'
import { rowSampler } from './row-sampler.ts'
import { fitSizer } from './sizer.ts'
import { initialWeights } from './sizer-net.ts'
import { sizerLoss } from './sizer-objective.ts'
import { sizerWorth } from './sizer-worth.ts'

const WIDTH = 10

/** Trades that win 1.5 R or lose a little over 1 R; `chance` of winning from the row's inputs. */
function trades(count: number, rng: Rng, chance: (row: Float32Array) => number) {
  const inputs = Float32Array.from({ length: count * WIDTH }, () => rng.normal())
  const r = Float64Array.from({ length: count }, (_, row) =>
    rng.next() < chance(inputs.subarray(row * WIDTH, (row + 1) * WIDTH)) ? 1.5 : -1 - 0.1 * rng.next(),
  )
  return { inputs, r }
}

test('the gradient of the whole objective equals central differences', () => {
  const rng = seededRng(3)
  const rows = 40
  const widths = [4, 5, 3, 1]
  const graph = sizerLoss(rows, widths, { alpha: 0.1, lambda: 0.7, kappa: 0.1 })
  const weights = initialWeights(widths, rng)
  for (const values of Object.values(weights)) for (let i = 0; i < values.length; i++) values[i]! += 0.5 * rng.normal()
  const draw = (length: number) => Float64Array.from({ length }, () => rng.normal())
  const fed = { x: draw(rows * 4), r: draw(rows), slip: draw(rows).map(Math.abs), limit: Float64Array.of(0.4) }
  const { value, gradients } = evaluate(graph, { ...fed, ...weights })
  assert.ok(value[0]! !== 0)
  const found = structuredClone(gradients)
  let compared = 0
  for (const [name, values] of Object.entries(weights)) {
    for (let i = 0; i < values.length; i++) {
      const [at, step] = [values[i]!, 1e-6]
      values[i] = at + step
      const above = forward(graph, { ...fed, ...weights })[0]!
      values[i] = at - step
      const below = forward(graph, { ...fed, ...weights })[0]!
      values[i] = at
      const slope = (above - below) / (2 * step)
      const error = Math.abs(found[name]![i]! - slope) / Math.max(1, Math.abs(slope))
      assert.ok(error <= 1e-6, `${name}[${i}]: ${found[name]![i]} is not ${slope}`)
      compared++
    }
  }
  assert.equal(compared, 4 * 5 + 5 + 5 * 3 + 3 + 3 + 1)
})

test('the loss of hand-worked trades: mean, extra slippage above size 1 and CVaR above the limit', () => {
  const graph = sizerLoss(2, [1, 1], { alpha: 0.5, lambda: 2, kappa: 0.1 })
  // sigmoid(0) gives size 1.05 to both trades.
  const feeds = { x: Float64Array.of(0, 0), r: Float64Array.of(2, -1), slip: Float64Array.of(0.3, 0.1) }
  const weights = { w0: Float64Array.of(5), b0: Float64Array.of(0) }
  const loss = forward(graph, { ...feeds, limit: Float64Array.of(0.5), ...weights })[0]!
  assert.ok(Math.abs(loss - (-(1.05 * 1) / 2 + (0.1 * 0.05 * 0.4) / 2 + 2 * (1.05 - 0.5))) < 1e-12)
})

test('a column that tells the sign of R takes sizes to both ends', () => {
  const rng = seededRng(1)
  const { inputs, r } = trades(4_000, rng, row => (row[3]! > 0 ? 1 : 0))
  const fitted = fitSizer({ inputs, r, rng })
  const probe = new Float32Array(2 * WIDTH)
  probe[3] = 1.5
  probe[WIDTH + 3] = -1.5
  const [good, bad] = fitted.predict(probe, 2)
  assert.ok(good! > 1.9, `${good}`)
  assert.ok(bad! < 0.2, `${bad}`)
})

test('a modest edge is found: more R on new trades at no heavier tail, and worth having', () => {
  const chance = (row: Float32Array) => 0.42 + 0.1 * Math.tanh(row[0]! + 0.5 * row[1]!)
  const seen = trades(8_000, seededRng('seen'), chance)
  const unseen = trades(8_000, seededRng('unseen'), chance)
  const sizes = fitSizer({ ...seen, rng: seededRng(1) }).predict(unseen.inputs, 8_000)
  const found = sizerWorth({ sizes, r: unseen.r })
  assert.ok(found.worth, JSON.stringify(found))
  assert.ok(found.sizer.mean > found.constant.mean && found.sizer.cvar <= found.constant.cvar)
})

test('with all CVaR charged a price of 0.25 takes trades without an edge to the lowest size', () => {
  const { inputs, r } = trades(2_000, seededRng(4), () => 0.42)
  const sizes = fitSizer({ inputs, r, rng: seededRng(1), options: { allowedTail: 0, lambda: 0.25 } }).predict(
    inputs,
    2_000,
  )
  assert.ok(mean(sizes) < 0.2)
})

// A smaller net than the default one, for the time of 50 fits; the default net was worth having in 4 of these 50 runs.
test('on pure noise the sizer is not worth having in at least 45 of 50 runs', () => {
  let worth = 0
  for (let run = 0; run < 50; run++) {
    const { inputs, r } = trades(1_200, seededRng(`noise ${run}`), () => 0.42)
    const rng = seededRng(run)
    const [seen, known] = [inputs.subarray(0, 800 * WIDTH), r.subarray(0, 800)]
    const fitted = fitSizer({ inputs: seen, r: known, rng, options: { hidden: [8], batch: 64 } })
    const sizes = fitted.predict(inputs.subarray(800 * WIDTH), 400)
    if (sizerWorth({ sizes, r: r.subarray(800) }).worth) worth++
  }
  assert.ok(worth <= 5, `${worth} of 50`)
})

test('the same rows and seed give the same weights bit for bit, another seed others', () => {
  const rows = trades(600, seededRng(5), row => (row[0]! > 0 ? 0.6 : 0.3))
  const weights = Float64Array.from(rows.r, (_, i) => 0.5 + i / 600)
  const fit = (seed: number) => JSON.stringify(fitSizer({ ...rows, weights, rng: seededRng(seed) }).save())
  assert.equal(fit(1), fit(1))
  assert.notEqual(fit(1), fit(2))
})

test('being watched changes no weight; the rate falls as it was set, and the last point is the last step', () => {
  const { inputs, r } = trades(1_500, seededRng(5), row => (row[3]! > 0 ? 0.7 : 0.3))
  const told: FitPoint[] = []
  const options = { steps: 130, patience: 100 }
  const fit = (watch?: Watch) => fitSizer({ inputs, r, rng: seededRng(1), options, watch }).save()
  assert.deepEqual(
    fit(point => void told.push(point)),
    fit(),
  )
  const curve = (name: FitPoint['curve']) => told.filter(point => point.curve === name)
  for (const { x, y } of curve('rate')) assert.ok(Math.abs(y - (0.01 - (0.007 * x) / 130)) < 1e-12)
  assert.deepEqual([curve('rate').at(-1)!.x, curve('train').at(-1)!.x], [130, 130])
  assert.deepEqual(
    curve('validation').map(({ x }) => x),
    [0, 20, 40, 60, 80, 100, 120],
  )
  assert.ok(told.every(({ y }) => Number.isFinite(y)))
  assert.ok(curve('train').length <= 51)
  const [start, ...looks] = curve('validation').map(({ y }) => y)
  assert.ok(Math.min(...looks) < start!)
})

test('a heavily weighted half decides against a light one that says the opposite', () => {
  const rng = seededRng(9)
  const { inputs, r } = trades(2_000, rng, row => (row[0]! > 0 ? 1 : 0))
  // Every other trade tells the opposite, with a hundredth of the weight.
  const mixed = r.map((value, i) => (i % 2 === 0 ? value : -value))
  const weights = Float64Array.from(r, (_, i) => (i % 2 === 0 ? 1 : 0.01))
  const probe = new Float32Array(WIDTH)
  probe[0] = 1
  const [size] = fitSizer({ inputs, r: mixed, weights, rng }).predict(probe, 1)
  assert.ok(size! > 1.5, `${size}`)
})

const compiled = (sizer: Exportable) =>
  unwrap(compileModel(assembleGraph({ name: 's', width: WIDTH, output: 'multiplier', parts: [sizer], metadata: {} })))

test('the exported graph gives what predict gives, and so does the saved state', () => {
  const rng = seededRng(2)
  const rows = trades(500, rng, row => (row[0]! > 0 ? 0.8 : 0.2))
  const fitted = fitSizer({ ...rows, rng, options: { hidden: [8, 6], steps: 60 } })
  const probe = Float32Array.from({ length: 300 * WIDTH }, (_, i) => (i < 2_000 ? 1 : 50) * rng.normal())
  const sizes = fitted.predict(probe, 300)
  const exported = compiled(fitted).run(probe, 300)
  for (const [row, size] of sizes.entries()) {
    assert.ok(Math.abs(exported[row]! - size) <= 1e-5, `row ${row}: ${exported[row]} is not ${size}`)
    assert.ok(exported[row]! >= Math.fround(0.1) && exported[row]! <= 2)
    assert.ok(size >= Math.fround(0.1) && size <= 2)
  }
  assert.deepEqual(loadSizer(JSON.parse(JSON.stringify(fitted.save()))).predict(probe, 300), sizes)
})

test('the constant sizer says exactly its size for any finite row', () => {
  const rows = Float32Array.from({ length: 50 * WIDTH }, (_, i) => (i % 2 === 0 ? -1 : 1) * 10 ** ((i % 77) - 38))
  rows.fill(3.4028234663852886e38, 0, WIDTH)
  assert.deepEqual([...compiled(constantSizer()).run(rows, 50)], Array<number>(50).fill(1))
  assert.equal(compiled(constantSizer(0.25)).run(rows.subarray(0, 2 * WIDTH), 2)[1], 0.25)
})

test('training sets out from size 1', () => {
  const rows = trades(100, seededRng(1), () => 0.4)
  const sizes = fitSizer({ ...rows, rng: seededRng(1), options: { steps: 0 } }).predict(rows.inputs, 100)
  assert.deepEqual([...sizes], Array<number>(100).fill(1))
})

test('rows that nothing can be learnt from are refused', () => {
  const rows = trades(100, seededRng(1), () => 0.4)
  const refusal = (code: string, change: object) =>
    assert.throws(
      () => fitSizer({ ...rows, rng: seededRng(1), ...change }),
      error => error instanceof Fault && error.code === code,
    )
  refusal('TOO_FEW_ROWS', { inputs: new Float32Array(0), r: new Float64Array(0) })
  refusal('TOO_FEW_ROWS', { inputs: new Float32Array(WIDTH), r: new Float64Array(1) })
  refusal('TOO_FEW_ROWS', { weights: new Float64Array(100) })
  refusal('DEGENERATE_INPUT', { r: rows.r.with(3, Number.NaN) })
  refusal('DEGENERATE_INPUT', { weights: new Float64Array(100).fill(-1) })
  assert.throws(() => fitSizer({ ...rows, slipR: new Float64Array(3), rng: seededRng(1) }), RangeError)
})

test('a state of another kind or with layers missing is refused', () => {
  for (const saved of [
    { kind: 'forest' },
    { kind: 'sizer' },
    { kind: 'sizer', widths: [10, 1], weights: { w0: [1], b0: [0] } },
    { kind: 'sizer', widths: [1, 1], weights: { w0: [Number.NaN], b0: [0] } },
  ]) {
    assert.throws(
      () => loadSizer(saved),
      error => error instanceof Fault && error.code === 'MODEL_STATE_INVALID',
    )
  }
})

test('rows are drawn in proportion to their weights', () => {
  const draw = rowSampler(Float64Array.of(1, 0, 3), 3, seededRng(1))
  const counts = [0, 0, 0]
  for (let i = 0; i < 20_000; i++) counts[draw()]!++
  assert.equal(counts[1], 0)
  assert.ok(Math.abs(counts[2]! / 20_000 - 0.75) < 0.01)
})

test('betting more, or less, of everything is not worth anything', () => {
  const { r } = trades(2_000, seededRng(8), () => 0.5)
  const more = sizerWorth({ sizes: new Float32Array(2_000).fill(2), r })
  assert.ok(more.sizer.mean > more.constant.mean)
  assert.equal(more.worth, false)
  assert.equal(more.t, null)
  const losing = r.map(value => value - 0.5)
  const less = sizerWorth({ sizes: new Float32Array(2_000).fill(0.1), r: losing })
  assert.ok(less.sizer.mean > less.constant.mean && less.sizer.cvar < less.constant.cvar)
  assert.equal(less.worth, false)
})

test('the numbers of the comparison are those of the definitions', () => {
  const r = Float64Array.of(-1, 2, -1, 2)
  const found = sizerWorth({ sizes: Float32Array.of(0.5, 1.5, 0.5, 1.5), r, blocks: 2 })
  assert.deepEqual(found.constant, { mean: 0.5, cvar: -worstMean(r) })
  assert.deepEqual(found.sizer, { mean: 1.25, cvar: 0.5 })
  assert.deepEqual(found.equalSize, found.sizer)
  assert.equal(found.meanSize, 1)
  assert.equal(found.trades, 4)
})

test('few trades prove nothing', () => {
  const found = sizerWorth({ sizes: Float32Array.of(0.5, 1.5), r: Float64Array.of(-1, 2) })
  assert.deepEqual([found.worth, found.t], [false, null])
})
