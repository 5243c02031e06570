// The stored contracts of a root as one market: features from a series without the jumps of rolls, labels from what was traded (DATA-10).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type ContinuousBar, continuous, type Roll } from '../data/continuous.ts'
import { findGaps, type GapReport, QUALITY_LIMITS } from '../data/quality.ts'
import type { ImportReport } from '../data/report.ts'
import type { Snapshot } from '../data/store.ts'
import { type DataSource, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { parseContract } from '../market/contract.ts'
import { knownInstrument } from '../market/instrument.ts'
import { refuseBlocked } from './data-status.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { auditSeries, inImportOrder, refuseUnsound, type StoredSeries, type Stores } from './stored-series.ts'

export type ContinuousMarket = Market & {
  /** What was traded, bar by bar of the series. */
  readonly held: readonly ContinuousBar[]
  readonly rolls: readonly Roll[]
  /** Of the contracts' data, each once. */
  readonly sources: readonly DataSource[]
}

export type ContractsRequest = {
  /** `ES`, not a contract. */
  readonly root: string
  readonly barMs: number
}

const NO_GAPS: GapReport = { missing: 0, excludedDates: [] }

/** The newest series of each contract of a root. */
async function contractsOf({ root, barMs }: ContractsRequest, state: Stores) {
  const found = new Map<string, StoredSeries>()
  for (const stored of await inImportOrder(state)) {
    const { symbol, barMs: length } = stored.snapshot
    if (stored.dataSet !== undefined && length === barMs && parseContract(symbol)?.root === root)
      found.set(symbol, stored)
  }
  return [...found.values()]
}

/** Faults: `INSTRUMENT_UNKNOWN`, `DATA_NONE_STORED`, `DATA_PROVENANCE_MIXED`, those of `continuous`. */
export async function continuousMarket(
  request: ContractsRequest,
  state: Stores,
  { settings }: Pick<Ports, 'settings'>,
): Promise<ContinuousMarket> {
  const { root, barMs } = request
  const instrument = knownInstrument(root)
  if (instrument?.kind !== 'future') {
    throw new Fault('INSTRUMENT_UNKNOWN', `${root} is no root of futures that is known here`, {
      place: root,
      fix: 'give ES, MES, NQ or MNQ',
    })
  }
  const stored = await contractsOf(request, state)
  if (stored.length === 0) {
    throw new Fault('DATA_NONE_STORED', `no contract of ${root} is stored with bars of this length`, {
      fix: 'import some: ratchet data import FILE --contract ESZ5',
    })
  }
  const provenances = new Set(stored.map(({ snapshot }) => snapshot.provenance))
  if (provenances.size > 1) {
    throw new Fault('DATA_PROVENANCE_MIXED', `some contracts of ${root} are simulated and some are real`, {
      fix: 'keep simulated contracts in a state directory of their own',
    })
  }
  const calendar = calendarOf(instrument.calendar)
  const contracts = []
  for (const { snapshot } of stored) {
    contracts.push({ contract: parseContract(snapshot.symbol)!, bars: (await state.bars.load(snapshot)).bars })
  }
  const { bars: held, rolls } = continuous(contracts, barMs, calendar)
  const snapshot = snapshotOf(root, stored)
  // Of what was the front contract only: months before, hardly anybody trades the next one.
  const { maxGapShare } = settings.data
  const traded = held.map(({ real }) => real)
  const gaps = isDaily(barMs) ? NO_GAPS : findGaps(traded, barMs, calendar, { ...QUALITY_LIMITS, maxGapShare })
  const { provenance, hasVolume, source } = snapshot
  return {
    series: {
      symbol: root,
      barMs,
      hasVolume,
      source,
      provenance,
      snapshotId: snapshot.snapshotId,
      bars: held.map(({ adjusted }) => adjusted),
    },
    instrument,
    calendar,
    excludedDates: new Set(gaps.excludedDates),
    report: reportOf(root, stored, held, gaps),
    snapshot,
    held,
    rolls,
    sources: [...new Set(stored.map(one => one.snapshot.source))],
  }
}

/** The same to be learned from, entered in the catalogue of series. Faults: those of `continuousMarket`, `DATA_BLOCKED`, `DATA_UNSOUND`. */
export async function contractsForTraining(
  request: ContractsRequest,
  state: State,
  ports: Pick<Ports, 'clock' | 'settings'>,
): Promise<ContinuousMarket> {
  for (const stored of await contractsOf(request, state)) refuseUnsound(await auditSeries(stored, state, ports))
  const market = await continuousMarket(request, state, ports)
  for (const source of [...market.sources, market.series.source]) await refuseBlocked(source, state)
  const { series, report } = market
  await state.dataSets.save({
    hash: series.snapshotId,
    symbol: series.symbol,
    barMs: series.barMs,
    firstTime: series.bars[0]!.time,
    lastTime: series.bars.at(-1)!.time,
    rows: series.bars.length,
    provenance: series.provenance,
    source: series.source,
    file: report.file,
    report: canonicalJson(report),
    createdAt: ports.clock.now(),
    headAt: null,
  })
  return market
}

/** Its id is that of the contracts' snapshots, so that the same bars give the same id. */
function snapshotOf(root: string, stored: readonly StoredSeries[]): Snapshot {
  const ids = Object.fromEntries(stored.map(({ snapshot }) => [snapshot.symbol, snapshot.snapshotId]))
  const [first] = stored
  return {
    symbol: root,
    barMs: first!.snapshot.barMs,
    snapshotId: sha256(canonicalJson({ continuous: root, contracts: ids })),
    partitions: stored.flatMap(({ snapshot }) => snapshot.partitions),
    provenance: first!.snapshot.provenance,
    source: 'internal_calculation',
    hasVolume: stored.some(({ snapshot }) => snapshot.hasVolume),
  }
}

function reportOf(
  root: string,
  stored: readonly StoredSeries[],
  held: readonly ContinuousBar[],
  { missing, excludedDates }: GapReport,
): ImportReport {
  const reports = stored.map(({ dataSet }) => JSON.parse(dataSet!.report) as ImportReport)
  const parts = stored.map(({ snapshot }) => `${snapshot.symbol} ${snapshot.snapshotId}`)
  const newest = Math.max(...stored.map(({ dataSet }) => dataSet!.createdAt))
  const fileSha256 = sha256(
    reports
      .map(report => report.fileSha256)
      .sort()
      .join('\n'),
  )
  const sum = (of: (report: ImportReport) => number) => reports.reduce((total, report) => total + of(report), 0)
  const [first] = reports
  const moment = (bar: ContinuousBar | undefined) => new Date(bar?.real.time ?? 0).toISOString()
  return {
    ...first!,
    file: `${root}, put together of ${reports.map(({ symbol }) => symbol).join(', ')}`,
    symbol: root,
    rowsRead: sum(report => report.rowsRead),
    stored: held.length,
    duplicates: sum(report => report.duplicates),
    conflicts: sum(report => report.conflicts),
    outOfOrder: sum(report => report.outOfOrder),
    rejected: sum(report => report.rejected),
    quarantined: sum(report => report.quarantined),
    missingBars: missing,
    firstRejects: reports.flatMap(report => report.firstRejects).slice(0, 20),
    firstTime: moment(held[0]),
    lastTime: moment(held.at(-1)),
    hasVolume: reports.some(report => report.hasVolume),
    warnings: [],
    excludedDates,
    fileSha256,
    lineage: {
      path: `continuous ${root} of snapshots ${parts.join(', ')}`,
      fetchedAt: new Date(newest).toISOString(),
      sha256: fileSha256,
      adjusted: true,
    },
  }
}
