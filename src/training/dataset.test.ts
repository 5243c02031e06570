import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { DAY_MS } from '../market/bar.ts'
import { FEATURE_COUNT } from '../trading/candidate-table.ts'
import { buildDataset, candidatesOf } from './dataset.ts'
import { makeTable } from './fixtures/candidate-table.ts'

const FOREVER = Date.UTC(2100, 0, 1)
const daily = (bars: number, edge = true) => makeTable({ bars, edge })

const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (fault) {
    if (fault instanceof Fault) return `${fault.code}: ${fault.message}`
    throw fault
  }
  return 'accepted'
}

test('nothing whose label was known after asOf is seen', () => {
  const table = daily(800)
  const asOf = table.time[2400]!
  const { events, rows } = buildDataset({ table, asOf, barMs: DAY_MS })
  assert.ok(rows.every(row => table.labelEnd[row]! <= asOf))
  assert.ok(events.end.every(end => end <= asOf))
})

test('the day on which the same rows are trained on changes neither rows nor weights', () => {
  const table = daily(800)
  const { events, ...rest } = buildDataset({ table, asOf: Math.max(...table.labelEnd), barMs: DAY_MS })
  const later = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  assert.deepEqual([rest.rows, rest.weight, events], [later.rows, later.weight, later.events])
})

test('what comes after asOf changes nothing', () => {
  const table = daily(800)
  const asOf = table.time[2400]!
  const before = buildDataset({ table, asOf, barMs: DAY_MS })
  const changed = structuredClone(table)
  for (let row = 0; row < table.length; row++) {
    if (table.labelEnd[row]! > asOf) changed.r[row] = -table.r[row]!
  }
  assert.deepEqual(buildDataset({ table: changed, asOf, barMs: DAY_MS }).events, before.events)
})

test('an event is dropped while one of its candidates is pending', () => {
  const table = daily(600)
  table.state[41] = 0
  const { rows } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  for (const row of [40, 41, 42, 43]) assert.ok(!rows.includes(row))
})

test('the row of an event is the strongest candidate, ties by strategy order', () => {
  const table = daily(600)
  for (const [at, strength] of [0.2, 0.9, 0.9, 0.1].entries()) table.features[at * FEATURE_COUNT + 11] = strength
  assert.equal(buildDataset({ table, asOf: FOREVER, barMs: DAY_MS }).events.strongest[0], 1)
})

test('the label of an event is the strategy with the best R, or None where the best lost', () => {
  const table = daily(600, false)
  table.r.set([0.1, 0.5, -1, 0.4, -0.1, -0.2, -1, -1])
  const { classes, events } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  assert.deepEqual(classes, ['EmaCross', 'MeanReversion', 'Breakout', 'Momentum', 'None'])
  assert.equal(classes[events.label[0]!], 'MeanReversion')
  assert.equal(classes[events.label[1]!], 'None')
})

test('strategies that earned the same are told apart by signal strength', () => {
  const table = daily(600, false)
  table.r.set([0.4, 0.4, -1, 0.4])
  for (const [at, strength] of [0.2, 0.3, 0.9, 0.3].entries()) table.features[at * FEATURE_COUNT + 11] = strength
  const { classes, events } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  assert.equal(classes[events.label[0]!], 'MeanReversion')
})

test('of strategies that earned the same the one that fired is the label, however strong the others were', () => {
  const table = daily(600, false)
  table.r.set([0.4, 0.4, -1, 0.4])
  table.fired.set([0, 1, 0, 0])
  for (const [at, strength] of [0.9, 0.1, 0.2, 0.8].entries()) table.features[at * FEATURE_COUNT + 11] = strength
  const { classes, events } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  assert.equal(classes[events.label[0]!], 'MeanReversion')
})

test('a strategy that is best too seldom is no class and its events go to the next best', () => {
  const table = daily(600, false)
  for (let row = 2; row < table.length; row += 4) table.r[row] = row < 12 ? 9 : -1
  const { classes, events } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS })
  assert.deepEqual(classes, ['EmaCross', 'MeanReversion', 'Momentum', 'None'])
  assert.ok(events.label.every(label => label < 4))
})

test('labels of the holdout do not decide which strategies are classes', () => {
  const table = daily(600, false)
  for (let row = 2; row < table.length; row += 4) table.r[row] = row < 2200 ? -1 : 9
  assert.ok(!buildDataset({ table, asOf: FOREVER, barMs: DAY_MS }).classes.includes('Breakout'))
})

test('intraday data is cut to the longer of 24 months and 3,000 bars', () => {
  const minutes = makeTable({ bars: 4_000, edge: true, barMs: 60_000 })
  assert.equal(
    buildDataset({ table: minutes, asOf: minutes.labelEnd.at(-1)! + DAY_MS, barMs: 60_000 }).events.count,
    4_000,
  )
  const years = makeTable({ bars: 4_000, edge: true, barMs: 12 * 3_600_000 })
  const { events } = buildDataset({ table: years, asOf: years.time.at(-1)! + 30 * DAY_MS, barMs: 12 * 3_600_000 })
  assert.equal(events.count, 3_000)
})

test('too many rows are thinned evenly in time and counted', () => {
  const table = daily(2_000)
  const { rows, thinned, events } = buildDataset({ table, asOf: FOREVER, barMs: DAY_MS, options: { maxRows: 4_000 } })
  assert.equal(rows.length + thinned, 8_000)
  assert.equal(rows.length, 4_000)
  const gaps = Array.from(events.time.subarray(1), (time, i) => (time - events.time[i]!) / DAY_MS)
  assert.ok(gaps.every(gap => gap === 2))
})

test('an empty table is refused', () => {
  assert.match(
    codeOf(() => buildDataset({ table: daily(0), asOf: FOREVER, barMs: DAY_MS })),
    /^DATASET_EMPTY/,
  )
})

test('too little data is refused with what is missing', () => {
  const said = codeOf(() =>
    buildDataset({ table: makeTable({ bars: 20, firedShare: 0 }), asOf: FOREVER, barMs: DAY_MS }),
  )
  assert.match(said, /^TRAIN_TOO_FEW: .*effective rows of 30.*0 fired rows of 3/)
})

test('data that only paper admits is marked thin, and a live run refuses it', () => {
  const table = daily(600)
  assert.equal(buildDataset({ table, asOf: FOREVER, barMs: DAY_MS }).thin, true)
  const live = codeOf(() => buildDataset({ table, asOf: FOREVER, barMs: DAY_MS, options: { profile: 'live' } }))
  assert.match(live, /^TRAIN_TOO_FEW: .*effective rows of 500/)
})

test('candidates of chosen events come with their weights', () => {
  const data = buildDataset({ table: daily(600), asOf: FOREVER, barMs: DAY_MS })
  const { rows, weight } = candidatesOf(data, Int32Array.of(1, 3))
  assert.deepEqual(Array.from(rows), [4, 5, 6, 7, 12, 13, 14, 15])
  assert.equal(weight[4], data.weight[12])
})
