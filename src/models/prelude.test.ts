import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { EXECUTION_COLUMNS, FEATURE_NAMES, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import { compileModel } from '../onnx/evaluate.ts'
import { assembleGraph } from './graph.ts'
import { fitPrelude, preludeOf } from './prelude.ts'
import type { PreludeColumn, PreludeState } from './prelude-state.ts'

const NEUTRAL: Readonly<Record<string, number>> = { signal_strength: 0, prior_win_rate: 0.5, news_impact: 0 }
const columnsOf = (names: readonly string[]): PreludeColumn[] =>
  names.map(name => ({ name, neutral: NEUTRAL[name] ?? null }))

const META = columnsOf(FEATURE_NAMES)
const EXECUTION = columnsOf(EXECUTION_COLUMNS.map(index => FEATURE_NAMES[index]!))
const SIZER = columnsOf([...SIZER_COLUMNS.map(index => FEATURE_NAMES[index]!), ...SIZER_EXTRA])

/** A market that wanders around 4000, with a few values missing. */
function marketRows(columns: readonly PreludeColumn[], count: number, missing = 0.02): Float32Array {
  const rng = seededRng('market')
  const rows = new Float32Array(count * columns.length)
  let price = 4000
  for (let row = 0; row < count; row++) {
    price *= 1 + 0.001 * rng.normal()
    const levels: Readonly<Record<string, number>> = {
      price,
      atr: 3 + rng.next(),
      ema20: price * (1 + 0.002 * rng.normal()),
      ema50: price * (1 + 0.004 * rng.normal()),
      volume: Math.floor(1000 * rng.next()),
      news_impact: 0,
    }
    for (const [c, { name }] of columns.entries()) {
      rows[row * columns.length + c] = rng.next() < missing ? Number.NaN : (levels[name] ?? rng.normal())
    }
  }
  return rows
}

const graphOf = (state: PreludeState) =>
  unwrap(
    compileModel(
      assembleGraph({
        name: 'prelude',
        width: state.columns.length,
        output: 'inputs',
        parts: [preludeOf(state)],
        metadata: {},
      }),
    ),
  )

for (const [role, columns] of [
  ['meta', META],
  ['execution', EXECUTION],
  ['rl_sizer', SIZER],
] as const) {
  for (const logs of [false, true]) {
    test(`${role} rows ${logs ? 'with' : 'without'} logarithms are the same bits from the graph and from transform`, () => {
      const rows = marketRows(columns, 500)
      const extremes = [Infinity, -Infinity, 3e38, -3e38, 0, -0, 1e-45, Number.NaN]
      for (const [row, value] of extremes.entries()) rows.fill(value, row * columns.length, (row + 1) * columns.length)
      const prelude = fitPrelude(marketRows(columns, 500), 500, columns, { logs })
      const ours = prelude.transform(rows, 500)
      assert.deepEqual(ours, graphOf(prelude.save()).run(rows, 500))
      assert.ok(ours.every(value => Math.abs(value) <= 8))
    })
  }
}

test('a level is replaced by its ratio', () => {
  const columns = columnsOf(['price', 'atr', 'ema20', 'ema50', 'volume'])
  const rows = Float32Array.of(110, 2, 108, 100, Math.E - 1, 100, 4, 100, 100, 0)
  const { mean } = fitPrelude(rows, 2, columns, { logs: true }).save()
  // ln(1.1)/2, (2/110 + 4/100)/2, (2/2 + 0)/2, (10/2 + 0)/2, (1 + 0)/2
  const expected = [Math.log(1.1) / 2, (2 / 110 + 0.04) / 2, 0.5, 2.5, 0.5]
  for (const [c, value] of expected.entries()) assert.ok(Math.abs(mean[c]! - value) < 1e-6, `column ${c}`)
})

test('training rows come out with mean 0 and standard deviation 1', () => {
  const rows = marketRows(META, 2000, 0)
  const out = fitPrelude(rows, 2000, META, { logs: true }).transform(rows, 2000)
  for (const c of [0, 1, 2, 3, 4, 5]) {
    const column = Array.from({ length: 2000 }, (_, row) => out[row * META.length + c]!)
    const mean = column.reduce((sum, value) => sum + value, 0) / 2000
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2000
    assert.ok(Math.abs(mean) < 0.01, `${META[c]!.name} mean ${mean}`)
    assert.ok(Math.abs(variance - 1) < 0.02, `${META[c]!.name} variance ${variance}`)
  }
})

test('one and a half times the price level moves no input by a thousandth', () => {
  const rows = marketRows(META, 1000, 0)
  const dearer = rows.slice()
  for (let row = 0; row < 1000; row++) {
    for (const name of ['price', 'atr', 'ema20', 'ema50'] as const) {
      dearer[row * META.length + FEATURE_NAMES.indexOf(name)]! *= 1.5
    }
  }
  const prelude = fitPrelude(rows, 1000, META, { logs: true })
  const before = prelude.transform(rows, 1000)
  const after = prelude.transform(dearer, 1000)
  assert.ok(before.every((value, at) => Math.abs(value - after[at]!) < 1e-3))
})

test('a column that is constant throughout training is unused and comes out as 0', () => {
  const prelude = fitPrelude(marketRows(META, 300), 300, META, { logs: true })
  assert.deepEqual(prelude.unused, ['news_impact'])
  const other = marketRows(META, 300)
  const news = FEATURE_NAMES.indexOf('news_impact')
  for (let row = 0; row < 300; row++) other[row * META.length + news] = 0.9
  const out = prelude.transform(other, 300)
  for (let row = 0; row < 300; row++) assert.equal(Math.abs(out[row * META.length + news]!), 0)
})

test('without ema50 the price only divides', () => {
  const prelude = fitPrelude(marketRows(EXECUTION, 300), 300, EXECUTION, { logs: true })
  assert.deepEqual(prelude.unused, ['price'])
})

test('a missing value becomes neutral, or the training mean where nothing is neutral', () => {
  const columns = [
    { name: 'prior_win_rate', neutral: 0.5 },
    { name: 'rsi', neutral: null },
  ]
  const { fill } = fitPrelude(Float32Array.of(0.1, 20, 0.2, 40, Number.NaN, Number.NaN), 3, columns, {
    logs: true,
  }).save()
  assert.deepEqual(fill, [0.5, 30])
})

test('a saved prelude gives the same bits', () => {
  const rows = marketRows(META, 200)
  const prelude = fitPrelude(rows, 200, META, { logs: true })
  const again = preludeOf(JSON.parse(JSON.stringify(prelude.save())) as PreludeState)
  assert.deepEqual(again.transform(rows, 200), prelude.transform(rows, 200))
})
