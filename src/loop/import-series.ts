// From a file to a stored, pinned series: the first step of every use that works on bars. What is imported adds to the series in use; what
// another use reads is stored beside it, so that a look at an old file changes nothing but itself.

import { canonicalJson } from '../base/canonical-json.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { heads } from '../data/data-sets.ts'
import {
  type CheckedRows,
  checkRows,
  contractsIn,
  type Imported,
  type ImportOptions,
  importBars,
} from '../data/import.ts'
import { mergeMonths } from '../data/merge.ts'
import type { ImportReport, RejectedRow } from '../data/report.ts'
import { diskSpill, type RowSpill } from '../data/row-spill.ts'
import type { RowSource } from '../data/rows.ts'
import type { Snapshot } from '../data/store.ts'
import { type BarSeries, type DataSource, isDaily, type Provenance } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import type { CalendarName, Instrument } from '../market/instrument.ts'
import type { NewsFile } from '../market/news.ts'
import type { HeldBar } from '../trading/candidates.ts'
import { refuseBlocked } from './data-status.ts'
import type { Ports, State } from './ports.ts'
import { importFacts, inImportOrder, type StoredSeries, type Stores } from './stored-series.ts'

export type SeriesRequest = Pick<ImportOptions, 'symbol' | 'contract' | 'zone' | 'map' | 'barMs' | 'calendar'> & {
  readonly file: string
  readonly maxBad?: number | undefined
  /** Made by a simulator: everything derived from it carries the mark (DATA-11). */
  readonly simulated?: boolean
}

/** A series with what is needed to trade it. */
export type Market = {
  readonly series: BarSeries
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly excludedDates: ReadonlySet<string>
  readonly report: ImportReport
  readonly snapshot: Snapshot
  /** Where several contracts stand behind the series: what was traded, bar by bar. */
  readonly held?: readonly HeldBar[]
  /** Scheduled news, where there is a table of it. */
  readonly news?: NewsFile
}

async function openRows(
  { maxBad, ...request }: SeriesRequest,
  { openTable, settings, clock }: Pick<Ports, 'openTable' | 'settings' | 'clock'>,
): Promise<{ readonly rows: RowSource; readonly options: ImportOptions }> {
  const { rows, sha256 } = await openTable(request.file)
  const { maxBadRowShare, maxGapShare } = settings.data
  const options = {
    ...request,
    maxBad: maxBad ?? maxBadRowShare,
    maxGapShare,
    declared: instrumentsOf(settings.instruments),
    now: clock.now(),
    fileSha256: sha256,
  }
  return { rows, options }
}

/** Reads and checks a bar file, and stores nothing. Faults: those of `importBars` and of the file. */
export async function readSeries(
  request: SeriesRequest,
  ports: Pick<Ports, 'openTable' | 'settings' | 'clock'>,
): Promise<Imported & { readonly sha256: string }> {
  const { rows, options } = await openRows(request, ports)
  return { ...(await importBars(rows, options)), sha256: options.fileSha256 }
}

export type StoreRequest = {
  /** What is shown as the origin. */
  readonly file: string
  readonly source: DataSource
  readonly provenance: Provenance
  readonly report: ImportReport
  /** Makes it the series in use of its symbol and bar length: what is trained on by the clock and judged by. */
  readonly head: boolean
}

/** What was held back goes to `data/rejects/<hash>.csv`, so that nothing is lost. */
async function keepRejects(
  rejects: readonly RejectedRow[],
  { fileSha256 }: ImportReport,
  { directory }: State,
  { disk }: Pick<Ports, 'disk'>,
): Promise<void> {
  if (rejects.length === 0) return
  const text = rejects.map(({ line, reason, text: row }) => `${line},"${reason.replaceAll('"', '""')}",${row}`)
  const bytes = new TextEncoder().encode(`line,reason,row\n${text.join('\n')}\n`)
  await replaceFile(disk, `${directory}/data/rejects/${fileSha256.slice(0, 16)}.csv`, bytes)
}

/** Writes down the facts about a stored series. */
async function enterSeries(
  { symbol, barMs, snapshotId, partitions }: Snapshot,
  { file, source, provenance, report, head }: StoreRequest,
  { dataSets }: State,
  { clock }: Pick<Ports, 'clock'>,
): Promise<void> {
  const createdAt = clock.now()
  const set = {
    hash: snapshotId,
    symbol,
    barMs,
    firstTime: Date.parse(report.firstTime),
    lastTime: Date.parse(report.lastTime),
    rows: report.stored,
    provenance,
    source,
    file,
    report: canonicalJson(report),
    createdAt,
    headAt: head ? createdAt : null,
  }
  await dataSets.save(set, partitions)
}

/** Stores checked bars and the facts about them. */
export async function storeSeries(
  { instrument, barMs, hasVolume, bars, rejects }: Imported,
  request: StoreRequest,
  state: State,
  ports: Pick<Ports, 'disk' | 'clock'>,
): Promise<Market> {
  const { source, provenance, report } = request
  await keepRejects(rejects, report, state, ports)
  const facts = { symbol: instrument.symbol, barMs, hasVolume, source, provenance } as const
  const snapshot = await state.bars.save(facts, bars)
  await enterSeries(snapshot, request, state, ports)
  return {
    series: { ...facts, bars, snapshotId: snapshot.snapshotId },
    instrument,
    calendar: calendarOf(instrument.calendar),
    excludedDates: new Set(isDaily(barMs) ? [] : report.excludedDates),
    report,
    snapshot,
  }
}

type Origin = Pick<StoreRequest, 'file' | 'source' | 'provenance'>

const originOf = ({ file, simulated = false }: SeriesRequest): Origin => ({
  file,
  source: simulated ? 'simulated' : 'file',
  provenance: simulated ? 'simulated' : 'real',
})

function withLineage(report: ImportReport, path: string, now: number): ImportReport {
  const { fileSha256: sha256 } = report
  return { ...report, lineage: { path, fetchedAt: new Date(now).toISOString(), sha256, adjusted: null } }
}

/**
 * Reads, checks and stores a bar file beside the series in use, which stays as it is.
 * Faults: those of `importBars`, of the file and of the disk; nothing is stored then.
 */
export async function importSeries(request: SeriesRequest, state: State, ports: Ports): Promise<Market> {
  const imported = await readSeries(request, ports)
  const report = withLineage(imported.report, `file ${request.file}`, ports.clock.now())
  return storeSeries(imported, { ...originOf(request), report, head: false }, state, ports)
}

/** The stored series in use that bars like these belong to. Fault: `DATA_SOURCE_MIXED`. */
export async function seriesInUse(
  { symbol, barMs }: Pick<Snapshot, 'symbol' | 'barMs'>,
  { source, provenance }: Pick<StoreRequest, 'source' | 'provenance'>,
  state: Stores,
): Promise<StoredSeries | undefined> {
  const set = heads(await state.dataSets.list()).find(head => head.symbol === symbol && head.barMs === barMs)
  if (set === undefined) return undefined
  if (set.source !== source || set.provenance !== provenance) {
    throw new Fault(
      'DATA_SOURCE_MIXED',
      `the stored bars of ${symbol} are of source ${set.source}, these of ${source}`,
      {
        place: symbol,
        fix: 'begin the series anew with these: --replace; or keep one of both in a state directory of its own',
      },
    )
  }
  return (await inImportOrder(state)).find(({ dataSet }) => dataSet?.hash === set.hash && dataSet.symbol === symbol)
}

export type Added = { readonly report: ImportReport; readonly snapshot: Snapshot }

type AddRequest = SeriesRequest & {
  /** Begins the series anew. */
  readonly replace?: boolean | undefined
}

/**
 * Reads and checks a bar file, adds it to the series in use of its symbol and bar length, and makes the whole the one in use: later
 * received bars stand in place of earlier ones. A file of any size takes the memory of two of its months.
 *
 * Faults: those of `importSeries`, `DATA_SOURCE_MIXED`, `DATA_CALENDAR_MIXED`.
 */
export async function addToSeries(request: AddRequest, state: State, ports: Ports): Promise<Added> {
  const spill = diskSpill(ports.disk, `${state.directory}/data/reading`)
  try {
    return await addRows(request, spill, state, ports)
  } finally {
    await spill.clear()
  }
}

async function addRows(request: AddRequest, spill: RowSpill, state: State, ports: Ports): Promise<Added> {
  const origin = originOf(request)
  const { rows, options } = await openRows(request, ports)
  const first = await checkRows(rows, spill, options)
  const { symbol } = first.instrument
  const { barMs } = first
  const stored = request.replace === true ? undefined : await seriesInUse({ symbol, barMs }, origin, state)
  const reread = async (calendar: CalendarName): Promise<CheckedRows> => {
    await spill.clear()
    // What was asked for stands, and is refused then.
    return checkRows(rows, spill, { ...options, calendar: request.calendar ?? calendar })
  }
  const checked = await onCalendarOf(stored, first, reread)
  const { series } = checked
  const { months, counts } = mergeMonths({
    before: stored?.snapshot.partitions ?? [],
    load: partition => state.bars.loadMonth(stored!.snapshot, partition),
    received: checked.months(),
    onBars: bars => series.add(bars),
  })
  const partitions = await state.bars.writeMonths({ symbol, barMs }, months)
  const sums = series.sums()
  const had = stored?.snapshot.partitions.reduce((sum, partition) => sum + partition.rows, 0) ?? 0
  const into = stored?.snapshot.snapshotId
  const path = `file ${request.file}${into === undefined ? '' : `, added to snapshot ${into}`}`
  const made = withLineage(checked.report(sums), path, ports.clock.now())
  const report = into === undefined ? made : { ...made, merged: { into, had, ...counts } }
  await keepRejects(checked.rejects(), report, state, ports)
  const { source, provenance } = origin
  const snapshot = await state.bars.publish(
    { symbol, barMs, hasVolume: sums.hasVolume, source, provenance },
    partitions,
  )
  await enterSeries(snapshot, { ...origin, report, head: true }, state, ports)
  return { report, snapshot }
}

/** A few days may look like another calendar than the years that they belong to. Fault: `DATA_CALENDAR_MIXED`. */
async function onCalendarOf(
  stored: StoredSeries | undefined,
  first: CheckedRows,
  reread: (calendar: CalendarName) => Promise<CheckedRows>,
): Promise<CheckedRows> {
  const facts = stored?.dataSet === undefined ? undefined : importFacts(stored.dataSet)
  const { calendar, symbol } = first.instrument
  if (facts === undefined || facts.calendar === calendar) return first
  const again = await reread(facts.calendar)
  if (again.instrument.calendar === facts.calendar) return again
  throw new Fault('DATA_CALENDAR_MIXED', `the stored bars of ${symbol} are on calendar ${facts.calendar}`, {
    place: '--calendar',
    fix: 'leave it out, or begin the series anew on the other one: --replace',
  })
}

/** Adds each contract of a file with a contract column to a series of its own; any other file to one series. */
export async function importContracts(request: AddRequest, state: State, ports: Ports): Promise<readonly Added[]> {
  if (request.contract !== undefined) return [await addToSeries(request, state, ports)]
  const { rows } = await ports.openTable(request.file)
  const contracts = await contractsIn(rows, request.map)
  if (contracts.length === 0) return [await addToSeries(request, state, ports)]
  const added: Added[] = []
  for (const contract of contracts) added.push(await addToSeries({ ...request, contract }, state, ports))
  return added
}

/** `importSeries` for bars that are to be learned from. Fault: `DATA_BLOCKED`. */
export async function importForTraining(request: SeriesRequest, state: State, ports: Ports): Promise<Market> {
  await refuseBlocked(originOf(request).source, state)
  return importSeries(request, state, ports)
}
