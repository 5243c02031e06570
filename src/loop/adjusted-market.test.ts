import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import type { DataSet } from '../data/data-sets.ts'
import type { RowSource } from '../data/rows.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel } from '../market/calendars/zone.ts'
import { cashInstrument } from '../market/instrument.ts'
import { LABEL_STATES } from '../trading/candidate-table.ts'
import { adjustedForTraining } from './adjusted-market.ts'
import type { Market } from './import-series.ts'
import { rowsOf } from './series-rows.ts'
import { settingsSchema } from './settings.ts'

const DAY_MS = 86_400_000
const COUNT = 520
const SPLIT = 400
const FIRST = 18_000
const FINAL = LABEL_STATES.indexOf('final')

/** A share around 700 that is split 7 for 1. */
const bars: readonly Bar[] = (() => {
  const rng = seededRng('share')
  let close = 700
  return Array.from({ length: COUNT }, (_, index) => {
    const per = index < SPLIT ? 1 : 7
    const open = close / per
    close *= 1 + (rng.next() - 0.5) * 0.02
    const end = close / per
    const time = (FIRST + index) * DAY_MS
    const [low, high] = [Math.min(open, end) * 0.997, Math.max(open, end) * 1.003]
    return { time, knownAt: time + DAY_MS, open, high, low, close: end, volume: 1e6 * per }
  })
})()

const table = (...lines: readonly string[]): RowSource => ({
  name: 'actions.csv',
  columns: lines[0]!.split(','),
  async *rows() {
    for (const [index, line] of lines.slice(1).entries()) yield { line: index + 2, cells: line.split(',') }
  },
})

const market = {
  series: { symbol: 'X', barMs: DAY_MS, hasVolume: true, source: 'file', provenance: 'real', snapshotId: 'abc', bars },
  instrument: cashInstrument('X', '24x7'),
  calendar: calendarOf('24x7'),
  excludedDates: new Set(),
  report: { file: 'x.csv' },
} as unknown as Market

async function withActions(source: RowSource) {
  const saved: DataSet[] = []
  const made = await adjustedForTraining(
    market,
    'actions.csv',
    {
      dataSets: { save: async set => void saved.push(set) },
      dataMarks: { list: async () => [], add: async () => undefined },
    },
    { openTable: async () => ({ rows: source, sha256: '' }), clock: { now: () => 0 } },
  )
  return { made, saved }
}

const ONE = table('date,kind,value', `${dayLabel(FIRST + SPLIT)},split,7`)

test('features see no jump at a split, labels are made of the prices of the day, none across it', async () => {
  const { made } = await withActions(ONE)
  const ports = { settings: settingsSchema.parse({}) }
  const { table: rows } = rowsOf(made, ports)
  const { table: raw } = rowsOf(market, ports)
  const atr = (of: typeof rows, from: number, to: number) => {
    const found = Array.from({ length: of.length }, (_, row) => row).filter(
      row => of.bar[row]! >= from && of.bar[row]! < to,
    )
    return found.map(row => of.atr[row]!)
  }
  // Of 700, a fall to 100 is several times what the share moves in a day.
  assert.ok(Math.max(...atr(rows, SPLIT, SPLIT + 10)) < 1.5 * Math.max(...atr(rows, SPLIT - 10, SPLIT)))
  assert.ok(Math.max(...atr(raw, SPLIT, SPLIT + 10)) > 3 * Math.max(...atr(raw, SPLIT - 10, SPLIT)))
  let after = 0
  for (let row = 0; row < rows.length; row++) {
    if (rows.state[row] !== FINAL) continue
    const end = (rows.labelEnd[row]! - bars[0]!.knownAt) / DAY_MS
    assert.ok(rows.bar[row]! >= SPLIT || end < SPLIT)
    if (rows.bar[row]! < SPLIT) continue
    after++
    assert.ok(Math.abs(rows.entry[row]! / bars[rows.bar[row]! + 1]!.open - 1) < 0.01)
  }
  assert.ok(after > 10)
})

test('the series has an id of its own and an entry that says what it was made of', async () => {
  const { made, saved } = await withActions(ONE)
  assert.notEqual(made.series.snapshotId, 'abc')
  assert.equal((await withActions(ONE)).made.series.snapshotId, made.series.snapshotId)
  assert.deepEqual([saved[0]!.hash, saved[0]!.source], [made.series.snapshotId, 'internal_calculation'])
  const { path, fetchedAt, adjusted } = made.report.lineage!
  assert.match(path, /^snapshot .* with the splits and dividends of file actions\.csv$/)
  assert.deepEqual([fetchedAt, adjusted], ['1970-01-01T00:00:00.000Z', true])
  assert.match(saved[0]!.file, /^x\.csv with 1 splits and dividends of actions\.csv$/)
})

test('a table that is none is refused with its line', async () => {
  for (const [lines, code, place] of [
    [['day,kind,value'], 'DATA_COLUMN_MISSING', 'actions.csv:1'],
    [['date,kind,value', '2020-13-01,split,7'], 'DATA_ACTION_INVALID', 'actions.csv:2'],
    [['date,kind,value', '2020-01-01,spilt,7'], 'DATA_ACTION_INVALID', 'actions.csv:2'],
    [['date,kind,value', '2020-01-01,split,7', '2020-01-02,dividend,'], 'DATA_ACTION_INVALID', 'actions.csv:3'],
    [['date,kind,value', '2020-01-01,split,-7'], 'DATA_ACTION_INVALID', 'actions.csv:2'],
    [['date,kind,value', `${dayLabel(FIRST + 5)},dividend,9000`], 'DATA_ACTION_INVALID', dayLabel(FIRST + 5)],
  ] as const) {
    await assert.rejects(withActions(table(...lines)), { code, place })
  }
})
