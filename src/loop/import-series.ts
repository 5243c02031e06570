// From a file to a stored, pinned series: the first step of every use that works on bars. What is imported adds to the series in use; what
// another use reads is stored beside it, so that a look at an old file changes nothing but itself.

import { canonicalJson } from '../base/canonical-json.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { heads } from '../data/data-sets.ts'
import { contractsIn, type Imported, type ImportOptions, importBars } from '../data/import.ts'
import { mergeBars } from '../data/merge.ts'
import type { ImportReport } from '../data/report.ts'
import type { Snapshot } from '../data/store.ts'
import { type BarSeries, type DataSource, isDaily, type Provenance } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import type { Instrument } from '../market/instrument.ts'
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

/** Reads and checks a bar file, and stores nothing. Faults: those of `importBars` and of the file. */
export async function readSeries(
  request: SeriesRequest,
  ports: Pick<Ports, 'openTable' | 'settings' | 'clock'>,
): Promise<Imported & { readonly sha256: string }> {
  const { rows, sha256 } = await ports.openTable(request.file)
  const maxBad = request.maxBad ?? ports.settings.data.maxBadRowShare
  const { maxGapShare } = ports.settings.data
  const imported = await importBars(rows, {
    ...request,
    maxBad,
    maxGapShare,
    declared: instrumentsOf(ports.settings.instruments),
    now: ports.clock.now(),
    fileSha256: sha256,
  })
  return { ...imported, sha256 }
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

/** Stores checked bars and the facts about them; what was held back goes to `data/rejects/<hash>.csv`, so that nothing is lost. */
export async function storeSeries(
  { instrument, barMs, hasVolume, bars, rejects }: Imported,
  { file, source, provenance, report, head }: StoreRequest,
  state: State,
  ports: Pick<Ports, 'disk' | 'clock'>,
): Promise<Market> {
  if (rejects.length > 0) {
    const text = rejects.map(({ line, reason, text: row }) => `${line},"${reason.replaceAll('"', '""')}",${row}`)
    const bytes = new TextEncoder().encode(`line,reason,row\n${text.join('\n')}\n`)
    await replaceFile(ports.disk, `${state.directory}/data/rejects/${report.fileSha256.slice(0, 16)}.csv`, bytes)
  }
  const facts = { symbol: instrument.symbol, barMs, hasVolume, source, provenance } as const
  const snapshot = await state.bars.save(facts, bars)
  const createdAt = ports.clock.now()
  const set = {
    hash: snapshot.snapshotId,
    symbol: instrument.symbol,
    barMs,
    firstTime: bars[0]!.time,
    lastTime: bars.at(-1)!.time,
    rows: bars.length,
    provenance,
    source,
    file,
    report: canonicalJson(report),
    createdAt,
    headAt: head ? createdAt : null,
  }
  await state.dataSets.save(set, snapshot.partitions)
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

/**
 * Reads and checks a bar file, adds it to the series in use of its symbol and bar length, and makes the whole the one in use: later
 * received bars stand in place of earlier ones.
 *
 * Faults: those of `importSeries`, `DATA_SOURCE_MIXED`, `DATA_CALENDAR_MIXED`.
 */
export async function addToSeries(
  request: SeriesRequest & { /** Begins the series anew. */ readonly replace?: boolean | undefined },
  state: State,
  ports: Ports,
): Promise<Market> {
  const origin = originOf(request)
  const first = await readSeries(request, ports)
  const stored =
    request.replace === true
      ? undefined
      : await seriesInUse({ symbol: first.instrument.symbol, barMs: first.barMs }, origin, state)
  const facts = stored?.dataSet === undefined ? undefined : importFacts(stored.dataSet)
  // A few days may look like another calendar than the years that they belong to.
  const differs = facts !== undefined && facts.calendar !== first.instrument.calendar
  const imported = differs ? await readSeries({ ...request, calendar: facts.calendar }, ports) : first
  if (differs && (request.calendar !== undefined || imported.instrument.calendar !== facts.calendar)) {
    throw new Fault(
      'DATA_CALENDAR_MIXED',
      `the stored bars of ${first.instrument.symbol} are on calendar ${facts.calendar}`,
      {
        place: '--calendar',
        fix: 'leave it out, or begin the series anew on the other one: --replace',
      },
    )
  }
  const into = stored === undefined ? '' : `, added to snapshot ${stored.snapshot.snapshotId}`
  const { maxGapShare } = ports.settings.data
  const whole =
    stored === undefined ? imported : mergeBars(await state.bars.load(stored.snapshot), imported, maxGapShare)
  const report = withLineage(whole.report, `file ${request.file}${into}`, ports.clock.now())
  return storeSeries(whole, { ...origin, report, head: true }, state, ports)
}

/** Adds each contract of a file with a contract column to a series of its own; any other file to one series. */
export async function importContracts(
  request: Parameters<typeof addToSeries>[0],
  state: State,
  ports: Ports,
): Promise<readonly Market[]> {
  if (request.contract !== undefined) return [await addToSeries(request, state, ports)]
  const { rows } = await ports.openTable(request.file)
  const contracts = await contractsIn(rows, request.map)
  if (contracts.length === 0) return [await addToSeries(request, state, ports)]
  const markets: Market[] = []
  for (const contract of contracts) markets.push(await addToSeries({ ...request, contract }, state, ports))
  return markets
}

/** `importSeries` for bars that are to be learned from. Fault: `DATA_BLOCKED`. */
export async function importForTraining(request: SeriesRequest, state: State, ports: Ports): Promise<Market> {
  await refuseBlocked(originOf(request).source, state)
  return importSeries(request, state, ports)
}
