// From a file to a stored, pinned series: the first step of every use that works on bars.

import { canonicalJson } from '../base/canonical-json.ts'
import { replaceFile } from '../base/disk.ts'
import { contractsIn, type Imported, type ImportOptions, importBars } from '../data/import.ts'
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
}

/** Stores checked bars and the facts about them; what was held back goes to `data/rejects/<hash>.csv`, so that nothing is lost. */
export async function storeSeries(
  { instrument, barMs, hasVolume, bars, rejects }: Imported,
  { file, source, provenance, report }: StoreRequest,
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
  await state.dataSets.save({
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
    createdAt: ports.clock.now(),
  })
  return {
    series: { ...facts, bars, snapshotId: snapshot.snapshotId },
    instrument,
    calendar: calendarOf(instrument.calendar),
    excludedDates: new Set(isDaily(barMs) ? [] : report.excludedDates),
    report,
    snapshot,
  }
}

/**
 * Reads, checks and stores a bar file.
 * Faults: those of `importBars`, of the file and of the disk; nothing is stored then.
 */
export async function importSeries(request: SeriesRequest, state: State, ports: Ports): Promise<Market> {
  const imported = await readSeries(request, ports)
  const simulated = request.simulated === true
  return storeSeries(
    imported,
    {
      file: request.file,
      source: simulated ? 'simulated' : 'file',
      provenance: simulated ? 'simulated' : 'real',
      report: imported.report,
    },
    state,
    ports,
  )
}

/** Stores each contract of a file with a contract column as a series of its own; any other file as one series. */
export async function importContracts(request: SeriesRequest, state: State, ports: Ports): Promise<readonly Market[]> {
  if (request.contract !== undefined) return [await importSeries(request, state, ports)]
  const { rows } = await ports.openTable(request.file)
  const contracts = await contractsIn(rows, request.map)
  if (contracts.length === 0) return [await importSeries(request, state, ports)]
  const markets: Market[] = []
  for (const contract of contracts) markets.push(await importSeries({ ...request, contract }, state, ports))
  return markets
}

/** `importSeries` for bars that are to be learned from. Fault: `DATA_BLOCKED`. */
export async function importForTraining(request: SeriesRequest, state: State, ports: Ports): Promise<Market> {
  await refuseBlocked(request.simulated === true ? 'simulated' : 'file', state)
  return importSeries(request, state, ports)
}
