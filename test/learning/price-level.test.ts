// A year later at another price level (TRAIN-02): the same market at one and a half times its prices, on the tick grid, gets the same answers of
// every fitted role. Simulated bars of seed 3, so that each role has something to learn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { DAY_MS } from '../../src/market/bar.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import { EXECUTION_COLUMNS, FEATURE_NAMES, SIZER_COLUMNS } from '../../src/market/roles.ts'
import { FEATURE_COUNT } from '../../src/trading/candidate-table.ts'
import { candidateBook } from '../../src/trading/candidates.ts'
import { GENERAL_STRATEGIES } from '../../src/trading/strategies/index.ts'
import { buildDataset } from '../../src/training/dataset.ts'
import { TRAIN_DEFAULTS } from '../../src/training/options.ts'
import { fitExecution } from '../../src/training/roles/execution.ts'
import { fitForest } from '../../src/training/roles/forest.ts'
import { fitSizerRole, sizerTrades } from '../../src/training/roles/sizer.ts'
import { gatherRows } from '../../src/training/rows.ts'
import { simulatedBars } from '../loop/simulated.ts'

const instrument = cashInstrument('SIM', '24x7')
const calendar = calendarOf('24x7')

/** Prices are even cents first, so that times 1.5 they are cents again. */
function bookAt(times: number) {
  const book = candidateBook({ instrument, calendar, barMs: DAY_MS, hasVolume: true, strategies: GENERAL_STRATEGIES })
  const scaled = (price: number) => Math.round(Math.round(price * 50) * 2 * times) / 100
  for (const { date, open, high, low, close, volume } of simulatedBars({ bars: 1500, seed: 3 })) {
    const time = Date.parse(`${date}T00:00:00Z`)
    const prices = { open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) }
    book.update({ time, knownAt: time + DAY_MS, ...prices, volume })
  }
  book.voidPending()
  return book
}

const now = bookAt(1)
const later = bookAt(1.5)
const { table } = now
// A tick and a commission are worth less of a dearer market: what states costs differs by right, and is no input that this is about.
for (const name of ['spread', 'prior_win_rate', 'avg_r_multiple', 'drawdown_risk'] as const) {
  const column = FEATURE_NAMES.indexOf(name)
  for (let at = column; at < table.length * FEATURE_COUNT; at += FEATURE_COUNT)
    later.table.features[at] = table.features[at]!
}

const data = buildDataset({ table, asOf: Infinity, barMs: DAY_MS })
const { fit } = data.split
const columns = (role: string) => now.schema[role]!
const every = Int32Array.from({ length: table.length }, (_, row) => row)

type Asked = { predict(rows: Float32Array, count: number): Float32Array }

/** Largest move of an answer, over all rows, and how many answers there are. */
function moved(model: Asked, of: readonly number[], more = 0): { readonly most: number; readonly kinds: number } {
  const rows = (book: typeof now) => {
    const own = gatherRows(book.table, every, of)
    const width = of.length
    const wide = new Float32Array(every.length * (width + more))
    for (const row of every) wide.set(own.subarray(row * width, (row + 1) * width), row * (width + more))
    return wide
  }
  const [before, after] = [now, later].map(book => model.predict(rows(book), every.length).slice())
  const most = before!.reduce((worst, value, at) => Math.max(worst, Math.abs(value - after![at]!)), 0)
  return { most, kinds: new Set(before).size }
}

test('the levels moved by half, and every row is there', () => {
  assert.equal(later.table.length, table.length)
  const price = (book: typeof now) => book.table.features[500 * FEATURE_COUNT]!
  assert.ok(Math.abs(price(later) / price(now) - 1.5) < 1e-6)
})

/** Every tail is free, so that there is a size to learn. */
const SIZER = { ...TRAIN_DEFAULTS.sizer, lambda: 0 }

test('choice of strategy, expected R and size move by less than a thousandth', () => {
  const shared = { data, embargoMs: TRAIN_DEFAULTS.embargoMs }
  const forest = fitForest(
    { ...shared, columns: columns('meta'), options: TRAIN_DEFAULTS.meta, rng: seededRng(1) },
    fit,
  )
  const execution = fitExecution({
    ...shared,
    events: fit,
    columns: columns('execution'),
    options: TRAIN_DEFAULTS.execution,
    rng: seededRng(2),
  })
  const trades = sizerTrades({
    data,
    events: fit,
    step: instrument.step,
    sessionOf: time => new Date(time).toISOString().slice(0, 10),
    drawdownLimitR: TRAIN_DEFAULTS.sizer.drawdownLimitR,
  })
  const sizer = fitSizerRole({ trades, columns: columns('rl_sizer'), options: SIZER, rng: seededRng(3) })
  for (const [role, { most, kinds }] of Object.entries({
    meta: moved(forest, [...FEATURE_NAMES.keys()]),
    execution: moved(execution, EXECUTION_COLUMNS),
    rl_sizer: moved(sizer, SIZER_COLUMNS, 2),
  })) {
    assert.ok(kinds > 10, `${role} tells rows apart`)
    assert.ok(most < 1e-3, `${role} moved by ${most}`)
  }
})
