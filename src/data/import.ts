// Reads a file of bars: finds the columns, believes no row unchecked, and reports everything it did not keep (DATA-01, DATA-06).

import { Fault } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel, labelDay, type Zone } from '../market/calendars/zone.ts'
import { contractInstrument, expiryOf, requireContract } from '../market/contract.ts'
import { type CalendarName, cashInstrument, costGap, type Instrument, knownInstrument } from '../market/instrument.ts'
import { findColumns } from './columns.ts'
import { inferBarMs, inferCalendar } from './infer.ts'
import { findGaps, findSpikes, longestStaleRun, missingSessions, QUALITY_LIMITS, shapeProblem } from './quality.ts'
import type { ImportReport, RejectedRow } from './report.ts'
import type { RowSource } from './rows.ts'
import { parseTimestamp } from './timestamp.ts'
import { tradeDateOf } from './trade-date.ts'

export type ImportOptions = {
  /** Needed where the file has no symbol column. */
  readonly symbol?: string | undefined
  /** Whose bars these are, e.g. `ESZ5`; where the file has a contract column, only its rows are read. */
  readonly contract?: string | undefined
  readonly zone?: Zone | undefined
  readonly map?: Readonly<Record<string, string>> | undefined
  /** Length of a bar; inferred from the times otherwise. */
  readonly barMs?: number | undefined
  readonly calendar?: CalendarName | undefined
  /** Instruments that are known beside the built-in ones. */
  readonly declared?: readonly Instrument[] | undefined
  /** Share of rejected rows above which nothing is stored. */
  readonly maxBad: number
  /** Share of a day's bars missing above which it gives no labels. */
  readonly maxGapShare?: number | undefined
  readonly now: number
  /** SHA-256 of the file, for the report. */
  readonly fileSha256: string
}

export type Imported = {
  readonly instrument: Instrument
  readonly barMs: number
  readonly hasVolume: boolean
  readonly bars: readonly Bar[]
  readonly report: ImportReport
  readonly rejects: readonly RejectedRow[]
}

type Row = {
  readonly line: number
  readonly time: number
  readonly label: boolean
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

const cellNumber = (cell: string | undefined): number =>
  cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell)

async function readRows(source: RowSource, options: ImportOptions) {
  const columns = findColumns(source.columns, source.name, options.map)
  const rows: Row[] = []
  const rejects: RejectedRow[] = []
  const symbols = new Set<string>()
  const contracts = new Set<string>()
  let read = 0
  let symbol = options.symbol
  for await (const { line, cells } of source.rows()) {
    read++
    const reject = (reason: string) => rejects.push({ line, reason, text: cells.join(',') })
    if (cells.length !== source.columns.length) {
      reject(`${cells.length} cells where the header has ${source.columns.length}`)
      continue
    }
    const own = columns.symbol < 0 ? '' : cells[columns.symbol]!.trim()
    if (own !== '') symbols.add(own)
    symbol ??= own === '' ? undefined : own
    if (own !== '' && own !== symbol) continue
    const contract = columns.contract < 0 ? '' : cells[columns.contract]!.trim()
    if (contract !== '') contracts.add(contract)
    if (options.contract !== undefined && contract !== '' && contract !== options.contract) continue
    const time = parseTimestamp(cells[columns.time]!, options.zone)
    if (time.kind === 'naive') {
      throw new Fault('DATA_TIME_ZONE', `time "${cells[columns.time]!.slice(0, 40)}" has no zone`, {
        place: `${source.name}:${line}`,
        fix: 'pass the zone of the file, e.g. --tz America/New_York or --tz UTC',
      })
    }
    if (time.kind === 'bad') {
      reject(`time: ${time.reason}`)
      continue
    }
    rows.push({
      line,
      time: time.kind === 'label' ? labelDay(time.label) * DAY_MS : time.ms,
      label: time.kind === 'label',
      open: cellNumber(cells[columns.open]),
      high: cellNumber(cells[columns.high]),
      low: cellNumber(cells[columns.low]),
      close: cellNumber(cells[columns.close]),
      volume: columns.volume < 0 ? 0 : cellNumber(cells[columns.volume]),
    })
  }
  symbol ??= options.contract
  if (options.contract === undefined && contracts.size > 1) {
    throw new Fault(
      'DATA_CONTRACT_MANY',
      `the file has bars of ${contracts.size} contracts, which are not one series`,
      {
        place: source.name,
        fix: 'store them with: ratchet data import FILE, or name one with --contract',
      },
    )
  }
  if (symbol === undefined) {
    throw new Fault('DATA_SYMBOL_MISSING', 'the file has no symbol column', {
      place: source.name,
      fix: 'pass --symbol S',
    })
  }
  if (symbols.size > 0 && !symbols.has(symbol)) {
    throw new Fault(
      'DATA_SYMBOL_ABSENT',
      `no row of symbol ${symbol}; the file has ${[...symbols].slice(0, 10).join(', ')}`,
      {
        place: source.name,
        fix: 'pass one of these with --symbol',
      },
    )
  }
  return { rows, rejects, read, symbol }
}

/** Sorted by time, one row a time: equal rows dropped, of contradicting ones the later received stands. */
function settle(rows: readonly Row[]) {
  let duplicates = 0
  let conflicts = 0
  let outOfOrder = 0
  let newest = Number.NEGATIVE_INFINITY
  for (const { time } of rows) {
    if (time < newest) outOfOrder++
    newest = Math.max(newest, time)
  }
  const settled: Row[] = []
  // Of equal times the order of arrival stays.
  for (const row of outOfOrder > 0 ? rows.toSorted((a, b) => a.time - b.time) : rows) {
    const earlier = settled.at(-1)
    if (earlier?.time === row.time) {
      const same = (['open', 'high', 'low', 'close', 'volume'] as const).every(name => earlier[name] === row[name])
      if (same) duplicates++
      else conflicts++
      settled.pop()
    }
    settled.push(row)
  }
  return { settled, duplicates, conflicts, outOfOrder }
}

/** The grid of a contract is that of its root, whatever its year. Fault: `INSTRUMENT_UNKNOWN`. */
const contractRoot = (code: string | undefined): Instrument | undefined =>
  code === undefined ? undefined : knownInstrument(requireContract(code, '1970-01-01').root)

/** The contract of that code that was alive on a day. Faults: `INSTRUMENT_UNKNOWN`, `INSTRUMENT_EXPIRED`. */
function contractOnDay(code: string, day: string): Instrument {
  const contract = requireContract(code, day)
  if (day <= expiryOf(contract)) return contractInstrument(contract.code)!
  throw new Fault('INSTRUMENT_EXPIRED', `${contract.code} expired on ${expiryOf(contract)}, and a bar is of ${day}`, {
    place: '--contract',
    fix: 'check which contract these bars belong to',
  })
}

/** The values of the contract column, in the order in which they appear; empty where the file has none. */
export async function contractsIn(
  source: RowSource,
  map?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { contract } = findColumns(source.columns, source.name, map)
  const found = new Set<string>()
  if (contract < 0) return []
  for await (const { cells } of source.rows()) {
    const cell = cells[contract]?.trim() ?? ''
    if (cell !== '') found.add(cell)
  }
  return [...found]
}

const textOf = (row: Row): string =>
  [new Date(row.time).toISOString(), row.open, row.high, row.low, row.close, row.volume].join(',')

/**
 * Faults: `DATA_EMPTY`, `DATA_BAD_ROWS` (too many rejected; nothing is kept), `DATA_TIME_ZONE`, `DATA_COLUMN_MISSING`,
 * `DATA_COLUMN_TWICE`, `DATA_SYMBOL_MISSING`, `DATA_CONTRACT_MANY`, `INSTRUMENT_UNKNOWN`, `INSTRUMENT_EXPIRED`, `DATA_SYMBOL_ABSENT`, `DATA_TOO_SHORT`.
 */
export async function importBars(source: RowSource, options: ImportOptions): Promise<Imported> {
  const { maxGapShare = QUALITY_LIMITS.maxGapShare } = options
  const { rows, rejects, read, symbol } = await readRows(source, options)
  if (read === 0)
    throw new Fault('DATA_EMPTY', 'the file has a header and no row', { place: source.name, fix: 'check the export' })
  const root = contractRoot(options.contract)
  const known = root ?? knownInstrument(symbol, options.declared) ?? contractInstrument(symbol)
  const shape = known ?? cashInstrument(symbol, '24x7')
  const sound = rows.filter(row => {
    const future = row.time > options.now + QUALITY_LIMITS.futureSeconds * 1000 ? 'time lies in the future' : undefined
    const reason = future ?? shapeProblem(row, shape)
    if (reason !== undefined) rejects.push({ line: row.line, reason, text: textOf(row) })
    return reason === undefined
  })
  const { settled, duplicates, conflicts, outOfOrder } = settle(sound)
  rejects.sort((a, b) => a.line - b.line)
  if (rejects.length > options.maxBad * read) {
    const first = rejects[0]!
    throw new Fault(
      'DATA_BAD_ROWS',
      `${rejects.length} of ${read} rows are bad (more than ${options.maxBad * 100} %), the first at line ${first.line}: ${first.reason}`,
      {
        place: `${source.name}:${first.line}`,
        fix: 'mend the file, or raise --max-bad if the rest is to be trusted; nothing was stored',
      },
    )
  }
  const spikes = findSpikes(settled)
  const held = new Set(spikes)
  const quarantined = spikes.map(index => {
    const row = settled[index]!
    return { line: row.line, reason: 'quarantined: a price spike that the next bar takes back', text: textOf(row) }
  })
  const kept = settled.filter((_, index) => !held.has(index))
  if (kept.length < 2) {
    throw new Fault('DATA_TOO_SHORT', `only ${kept.length} usable rows`, {
      place: source.name,
      fix: 'give at least two bars',
    })
  }
  const times = kept.map(row => row.time)
  const barMs =
    options.barMs ??
    inferBarMs(
      times,
      kept.every(row => row.label),
    )
  const generic = known ?? cashInstrument(symbol, options.calendar ?? inferCalendar(times, barMs))
  const calendar = calendarOf(generic.calendar)
  const bars = kept.map(({ time, open, high, low, close, volume }) => ({
    time,
    knownAt: isDaily(barMs) ? calendar.sessionClose(dayLabel(Math.floor(time / DAY_MS))) : time + barMs,
    open,
    high,
    low,
    close,
    volume,
  }))
  const instrument =
    options.contract === undefined
      ? generic
      : contractOnDay(options.contract, tradeDateOf(bars.at(-1)!, barMs, calendar))
  const hasVolume = bars.some(bar => bar.volume > 0)
  // A row that was held back is no missing session.
  const sessions = barMs === DAY_MS ? missingSessions(settled, calendar) : []
  const gaps = isDaily(barMs)
    ? { missing: sessions.length, excludedDates: [] }
    : findGaps(bars, barMs, calendar, { ...QUALITY_LIMITS, maxGapShare })
  const stale = hasVolume ? longestStaleRun(bars, calendar) : 0
  const uncosted = costGap(instrument)
  const warnings = [
    ...(outOfOrder > 0 ? [`${outOfOrder} rows came out of order and were sorted in`] : []),
    ...(conflicts > 0 ? [`${conflicts} rows contradict an earlier row of the same time; the later one stands`] : []),
    ...(quarantined.length > 0 ? [`${quarantined.length} price spikes were held back`] : []),
    ...(gaps.excludedDates.length > 0
      ? [`${gaps.excludedDates.length} days miss more than ${100 * maxGapShare} % of their bars and give no labels`]
      : []),
    ...(sessions.length > 0 ? [`${sessions.length} sessions have no bar, the first of them ${sessions[0]}`] : []),
    ...(stale >= QUALITY_LIMITS.staleRun ? [`a run of ${stale} equal closes without volume`] : []),
    ...(hasVolume ? [] : ['no volume: volume features stay neutral and breakouts never fire']),
    ...(known === undefined
      ? [`${symbol} is not declared: taken as a cash instrument on the ${instrument.calendar} calendar`]
      : []),
    ...(uncosted === undefined ? [] : [uncosted]),
  ]
  const all = [...rejects, ...quarantined]
  return {
    instrument,
    barMs,
    hasVolume,
    bars,
    rejects: all,
    report: {
      file: source.name,
      symbol: instrument.symbol,
      barMs,
      calendar: instrument.calendar,
      rowsRead: read,
      stored: bars.length,
      duplicates,
      conflicts,
      outOfOrder,
      rejected: rejects.length,
      quarantined: quarantined.length,
      firstRejects: all.slice(0, 20),
      firstTime: new Date(bars[0]!.time).toISOString(),
      lastTime: new Date(bars.at(-1)!.time).toISOString(),
      hasVolume,
      warnings,
      excludedDates: gaps.excludedDates,
      missingBars: gaps.missing,
      fileSha256: options.fileSha256,
    },
  }
}
