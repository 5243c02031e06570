// Reads a file of bars: finds the columns, believes no row unchecked, and reports everything it did not keep (DATA-01, DATA-06).

import { Fault } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel, labelDay, type Zone } from '../market/calendars/zone.ts'
import { contractInstrument, expiryOf, requireContract } from '../market/contract.ts'
import { type CalendarName, cashInstrument, costGap, type Instrument, knownInstrument } from '../market/instrument.ts'
import { findColumns } from './columns.ts'
import { calendarCount, lengthCount } from './infer.ts'
import { QUALITY_LIMITS, shapeProblem } from './quality.ts'
import type { ImportReport, RejectedRow } from './report.ts'
import { memorySpill, type Row, type RowSpill } from './row-spill.ts'
import type { RowSource } from './rows.ts'
import { type SeriesSums, seriesSums } from './series-sums.ts'
import { checkedMonths, settledMonths } from './settle.ts'
import type { MonthBars } from './store.ts'
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

const cellNumber = (cell: string | undefined): number =>
  cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell)

/** Puts sound rows into the spill, and says what became of the others. */
async function readRows(source: RowSource, spill: RowSpill, options: ImportOptions) {
  const columns = findColumns(source.columns, source.name, options.map)
  const rejects: RejectedRow[] = []
  const symbols = new Set<string>()
  const contracts = new Set<string>()
  const root = contractRoot(options.contract)
  const knownOf = (symbol: string) => root ?? knownInstrument(symbol, options.declared) ?? contractInstrument(symbol)
  const latest = options.now + QUALITY_LIMITS.futureSeconds * 1000
  let read = 0
  let outOfOrder = 0
  let newest = Number.NEGATIVE_INFINITY
  let symbol = options.symbol
  let shape: Instrument | undefined
  /** Rows of before any row said its symbol. */
  let unnamed: Row[] = []
  const keep = async (row: Row, instrument: Instrument): Promise<void> => {
    const reason = row.time > latest ? 'time lies in the future' : shapeProblem(row, instrument)
    if (reason !== undefined) {
      rejects.push({ line: row.line, reason, text: textOf(row) })
      return
    }
    if (row.time < newest) outOfOrder++
    newest = Math.max(newest, row.time)
    const written = spill.put(row)
    if (written !== undefined) await written
  }
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
    const row = {
      line,
      time: time.kind === 'label' ? labelDay(time.label) * DAY_MS : time.ms,
      label: time.kind === 'label',
      open: cellNumber(cells[columns.open]),
      high: cellNumber(cells[columns.high]),
      low: cellNumber(cells[columns.low]),
      close: cellNumber(cells[columns.close]),
      volume: columns.volume < 0 ? 0 : cellNumber(cells[columns.volume]),
    }
    const named = symbol ?? options.contract
    if (named === undefined) {
      if (columns.symbol >= 0) unnamed.push(row)
      continue
    }
    shape ??= knownOf(named) ?? cashInstrument(named, '24x7')
    for (const early of unnamed) await keep(early, shape)
    unnamed = []
    await keep(row, shape)
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
  rejects.sort((a, b) => a.line - b.line)
  return { rejects, read, outOfOrder, symbol, known: knownOf(symbol) }
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

export type CheckedRows = {
  readonly instrument: Instrument
  readonly barMs: number
  /** Once: in the order of time; each month tells the sums first. */
  months(): AsyncGenerator<MonthBars>
  /** What was left out, once all months have gone by. */
  rejects(): readonly RejectedRow[]
  /** Likewise. @param sums of the series that the bars went into */
  report(sums: SeriesSums): ImportReport
  /** To gather what is said of that series; months tell it what they hold back. */
  readonly series: ReturnType<typeof seriesSums>
}

/** Length of bars, calendar and last time of what is in a spill. */
async function inferred(
  spill: RowSpill,
  options: ImportOptions,
  known: Instrument | undefined,
): Promise<{ readonly rows: number; readonly last: number; readonly barMs: number; readonly calendar: CalendarName }> {
  const lengths = lengthCount()
  let rows = 0
  let last = Number.NaN
  for await (const month of settledMonths(spill)) {
    for (const { time, label } of month.rows) lengths.add(time, label)
    rows += month.rows.length
    last = month.rows.at(-1)?.time ?? last
  }
  const barMs = options.barMs ?? (rows < 2 ? DAY_MS : lengths.barMs())
  const named = known?.calendar ?? options.calendar
  if (named !== undefined || rows < 2) return { rows, last, barMs, calendar: named ?? '24x7' }
  const fits = calendarCount(barMs)
  for await (const month of settledMonths(spill)) for (const { time } of month.rows) fits.add(time)
  return { rows, last, barMs, calendar: fits.name() }
}

/**
 * Reads and checks a file; of its rows no more than two months are held at a time where the spill is on disk.
 *
 * Faults: `DATA_EMPTY`, `DATA_BAD_ROWS` (too many rejected; nothing is kept), `DATA_TIME_ZONE`, `DATA_COLUMN_MISSING`,
 * `DATA_COLUMN_TWICE`, `DATA_SYMBOL_MISSING`, `DATA_CONTRACT_MANY`, `INSTRUMENT_UNKNOWN`, `INSTRUMENT_EXPIRED`, `DATA_SYMBOL_ABSENT`, `DATA_TOO_SHORT`.
 */
export async function checkRows(source: RowSource, spill: RowSpill, options: ImportOptions): Promise<CheckedRows> {
  const { maxGapShare = QUALITY_LIMITS.maxGapShare } = options
  const { rejects, read, outOfOrder, symbol, known } = await readRows(source, spill, options)
  if (read === 0)
    throw new Fault('DATA_EMPTY', 'the file has a header and no row', { place: source.name, fix: 'check the export' })
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
  const { rows, last, barMs, calendar: name } = await inferred(spill, options, known)
  if (rows < 2) {
    throw new Fault('DATA_TOO_SHORT', `only ${rows} usable rows`, {
      place: source.name,
      fix: 'give at least two bars',
    })
  }
  const generic = known ?? cashInstrument(symbol, name)
  const calendar = calendarOf(generic.calendar)
  const instrument =
    options.contract === undefined
      ? generic
      : contractOnDay(options.contract, tradeDateOf({ time: last }, barMs, calendar))
  const series = seriesSums({ barMs, calendar, maxGapShare })
  const quarantined: RejectedRow[] = []
  let duplicates = 0
  let conflicts = 0
  const barOf = ({ time, open, high, low, close, volume }: Row): Bar => {
    const knownAt = isDaily(barMs) ? calendar.sessionClose(dayLabel(Math.floor(time / DAY_MS))) : time + barMs
    return { time, knownAt, open, high, low, close, volume }
  }
  return {
    instrument,
    barMs,
    series,
    async *months() {
      for await (const month of checkedMonths(spill)) {
        duplicates += month.duplicates
        conflicts += month.conflicts
        for (const row of month.held) {
          quarantined.push({
            line: row.line,
            reason: 'quarantined: a price spike that the next bar takes back',
            text: textOf(row),
          })
          series.hold(row.time)
        }
        if (month.kept.length > 0) yield { month: month.month, bars: month.kept.map(barOf) }
      }
    },
    rejects: () => [...rejects, ...quarantined],
    report: sums => {
      const all = [...rejects, ...quarantined]
      const { rows: stored, firstTime, lastTime, hasVolume, missing, excludedDates } = sums
      const counts = { duplicates, conflicts, outOfOrder, quarantined: quarantined.length }
      return {
        file: source.name,
        symbol: instrument.symbol,
        barMs,
        calendar: instrument.calendar,
        rowsRead: read,
        stored,
        ...counts,
        rejected: rejects.length,
        firstRejects: all.slice(0, 20),
        firstTime: new Date(firstTime).toISOString(),
        lastTime: new Date(lastTime).toISOString(),
        hasVolume,
        warnings: warningsOf(counts, sums, instrument, { known: known !== undefined, maxGapShare }),
        excludedDates,
        missingBars: missing,
        fileSha256: options.fileSha256,
      }
    },
  }
}

function warningsOf(
  { outOfOrder, conflicts, quarantined }: Pick<ImportReport, 'outOfOrder' | 'conflicts' | 'quarantined'>,
  { excludedDates, sessions, stale, hasVolume }: SeriesSums,
  instrument: Instrument,
  { known, maxGapShare }: { readonly known: boolean; readonly maxGapShare: number },
): readonly string[] {
  const uncosted = costGap(instrument)
  return [
    ...(outOfOrder > 0 ? [`${outOfOrder} rows came out of order and were sorted in`] : []),
    ...(conflicts > 0 ? [`${conflicts} rows contradict an earlier row of the same time; the later one stands`] : []),
    ...(quarantined > 0 ? [`${quarantined} price spikes were held back`] : []),
    ...(excludedDates.length > 0
      ? [`${excludedDates.length} days miss more than ${100 * maxGapShare} % of their bars and give no labels`]
      : []),
    ...(sessions.length > 0 ? [`${sessions.length} sessions have no bar, the first of them ${sessions[0]}`] : []),
    ...(stale >= QUALITY_LIMITS.staleRun ? [`a run of ${stale} equal closes without volume`] : []),
    ...(hasVolume ? [] : ['no volume: volume features stay neutral and breakouts never fire']),
    ...(known
      ? []
      : [`${instrument.symbol} is not declared: taken as a cash instrument on the ${instrument.calendar} calendar`]),
    ...(uncosted === undefined ? [] : [uncosted]),
  ]
}

/** The bars of a file in one piece. Faults: those of `checkRows`. */
export async function importBars(source: RowSource, options: ImportOptions): Promise<Imported> {
  const checked = await checkRows(source, memorySpill(), options)
  const bars: Bar[] = []
  for await (const month of checked.months()) {
    checked.series.add(month.bars)
    for (const bar of month.bars) bars.push(bar)
  }
  const { instrument, barMs } = checked
  const sums = checked.series.sums()
  const { hasVolume } = sums
  return { instrument, barMs, hasVolume, bars, rejects: checked.rejects(), report: checked.report(sums) }
}
