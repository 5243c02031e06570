// `node bench/features.bench.ts`: how many bars a second the 17 columns take in on one core, all sourced columns updated at each bar
// (FEAT-07). Medians of five; the garbage collector and the clock of a busy machine are in them. Exit 1 below the target.

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { seededRng } from '../src/base/rng.ts'
import { featureRow } from '../src/features/row.ts'
import type { Bar } from '../src/market/bar.ts'
import { calendarOf } from '../src/market/calendars/index.ts'
import { knownInstrument } from '../src/market/instrument.ts'
import { FEATURE_NAMES } from '../src/market/roles.ts'

const MINUTE_MS = 60_000
const RUNS = 5
/** Bars a second. */
const TARGET = 2_000_000

const { values } = parseArgs({ options: { bars: { type: 'string', default: '200000' }, json: { type: 'boolean' } } })

/** Minute bars of ES that wander on its grid. */
function minutes(count: number): Bar[] {
  const rng = seededRng('features bench')
  const onGrid = (price: number) => Math.max(1, Math.round(price * 4)) / 4
  let close = 5000
  return Array.from({ length: count }, (_, i) => {
    const open = close
    close = onGrid(open * Math.exp(0.0004 * rng.normal()))
    const high = onGrid(Math.max(open, close) + 2 * rng.next())
    const low = onGrid(Math.min(open, close) - 2 * rng.next())
    return { time: i * MINUTE_MS, knownAt: (i + 1) * MINUTE_MS, open, high, low, close, volume: rng.int(5_000) }
  })
}

const instrument = knownInstrument('ES')!
const context = { instrument, calendar: calendarOf(instrument.calendar), barMs: MINUTE_MS }
const bars = minutes(Number(values.bars))

/** Seconds of processor time for all bars, and a sum of what was computed, so that nothing is left out. */
function once(): { readonly seconds: number; readonly sum: number } {
  const row = featureRow(context, { hasVolume: true })
  const before = process.cpuUsage()
  let sum = 0
  for (const bar of bars) {
    row.update(bar)
    sum += row.values[1]!
  }
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, sum }
}

once()
const seconds = Array.from({ length: RUNS }, () => once().seconds).sort((a, b) => a - b)
const median = seconds[Math.floor(RUNS / 2)]!
const barsPerSecond = bars.length / median
const result = {
  name: 'features',
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`,
  node: process.version,
  bars: bars.length,
  columns: FEATURE_NAMES.length,
  seconds,
  barsPerSecond,
  updatesPerSecond: barsPerSecond * FEATURE_NAMES.length,
  target: TARGET,
  ok: barsPerSecond >= TARGET,
}
console.log(
  values.json === true
    ? JSON.stringify(result)
    : `features: ${barsPerSecond.toPrecision(3)} bars/s with all ${FEATURE_NAMES.length} columns, ${result.updatesPerSecond.toPrecision(3)} updates of a column/s (${TARGET} bars/s wanted: ${result.ok ? 'met' : 'NOT MET'}); ${result.machine}, Node ${process.version}`,
)
process.exit(result.ok ? 0 : 1)
