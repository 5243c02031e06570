// What is stored: the series of a state directory with the facts of their import, and the audit of them (DATA-04, DATA-06).

import { z } from 'zod'
import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import type { DataSet, DataSets } from '../data/data-sets.ts'
import { inferCalendar } from '../data/infer.ts'
import {
  findGaps,
  findSpikes,
  longestStaleRun,
  missingSessions,
  QUALITY_LIMITS,
  shapeProblem,
} from '../data/quality.ts'
import { type BarStore, monthOf, type Partition, type Snapshot, snapshotIdOf } from '../data/store.ts'
import { type BarSeries, DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { instrumentOf } from '../market/contract.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import { CALENDAR_NAMES, type CalendarName, type Instrument, knownInstrument } from '../market/instrument.ts'
import type { Ports, State } from './ports.ts'

export type StoredSeries = { readonly snapshot: Snapshot; readonly dataSet: DataSet | undefined }

/** What is read of a state directory to know its series. */
export type Stores = {
  readonly bars: Pick<BarStore, 'list' | 'load'>
  readonly dataSets: Pick<DataSets, 'list'>
}

/** Everything stored, that of unknown origin first. */
export async function inImportOrder({ bars, dataSets }: Stores): Promise<readonly StoredSeries[]> {
  const known = await dataSets.list()
  // Two symbols with equal bars have equal hashes.
  const order = ({ snapshotId, symbol }: Snapshot) =>
    known.findIndex(set => set.hash === snapshotId && set.symbol === symbol)
  return [...(await bars.list())]
    .sort((a, b) => order(a) - order(b))
    .map(snapshot => ({ snapshot, dataSet: known[order(snapshot)] }))
}

/**
 * By symbol and bar length, versions of one series in the order of their import.
 * Fault: `DATA_NONE_STORED` where a symbol is asked for that has no series.
 */
export async function storedSeries(stores: Stores, symbol?: string): Promise<readonly StoredSeries[]> {
  const all = (await inImportOrder(stores)).toSorted(
    ({ snapshot: a }, { snapshot: b }) => a.symbol.localeCompare(b.symbol, 'en') || a.barMs - b.barMs,
  )
  const wanted = all.filter(({ snapshot }) => symbol === undefined || snapshot.symbol === symbol)
  if (wanted.length === 0 && symbol !== undefined) {
    const near = nearest(
      symbol,
      all.map(({ snapshot }) => snapshot.symbol),
    )
    throw new Fault('DATA_NONE_STORED', `no bars of ${symbol} are stored`, {
      fix: near === undefined ? 'import some: ratchet data import FILE --symbol S' : `did you mean ${near}?`,
    })
  }
  return wanted
}

export type Finding = { readonly severity: 'fail' | 'warn'; readonly check: string; readonly text: string }

export type Audit = {
  readonly symbol: string
  readonly barMs: number
  readonly snapshotId: string
  readonly rows: number
  /** Empty: nothing was found. */
  readonly findings: readonly Finding[]
}

type AuditStores = {
  readonly dataSets: Pick<DataSets, 'partitions'>
}
type AuditPorts = Pick<Ports, 'clock' | 'settings'>

const factsSchema = z.object({ calendar: z.enum(CALENDAR_NAMES) })

/** What the import said about a series; undefined of one whose report says nothing of the kind. */
export const importFacts = ({ report }: Pick<DataSet, 'report'>): z.infer<typeof factsSchema> | undefined =>
  factsSchema.safeParse(JSON.parse(report)).data

/** The calendar of the import, else the instrument's, else the one its hours fit. */
function calendarName(
  { snapshot, dataSet }: StoredSeries,
  { bars, barMs }: BarSeries,
  declared: readonly Instrument[],
): CalendarName {
  const facts = dataSet === undefined ? undefined : importFacts(dataSet)
  if (facts !== undefined) return facts.calendar
  const times = bars.map(bar => bar.time)
  return knownInstrument(snapshot.symbol, declared)?.calendar ?? inferCalendar(times, barMs)
}

type Loaded = { readonly snapshot: Snapshot; readonly series: BarSeries; readonly instrument: Instrument }

function auditBars({ snapshot, series, instrument }: Loaded, { clock, settings }: AuditPorts): Finding[] {
  const { maxGapShare } = settings.data
  const now = clock.now()
  const { bars, barMs } = series
  const { partitions, snapshotId } = snapshot
  const calendar = calendarOf(instrument.calendar)
  const findings: Finding[] = []
  const fail = (check: string, text: string) => findings.push({ severity: 'fail', check, text })
  const warn = (check: string, text: string) => findings.push({ severity: 'warn', check, text })
  const at = (index: number) => new Date(bars[index]!.time).toISOString()

  if (snapshotIdOf(partitions) !== snapshotId) fail('snapshot', 'its id is not that of its partitions')
  for (const { month, rows } of partitions) {
    const found = bars.filter(bar => monthOf(bar.time) === month).length
    if (found !== rows) fail('rows', `${month} has ${found} bars, ${rows} were stored`)
  }
  const disorder = bars.findIndex((bar, index) => index > 0 && bar.time <= bars[index - 1]!.time)
  if (disorder >= 0) fail('order', `the bar of ${at(disorder)} does not follow the one before it`)
  const shapes = bars.map(bar => shapeProblem(bar, instrument))
  const bad = shapes.findIndex(problem => problem !== undefined)
  const badCount = shapes.filter(problem => problem !== undefined).length
  if (bad >= 0) fail('shape', `${badCount} bars, the first of ${at(bad)}: ${shapes[bad]}`)
  const future = bars.findIndex(bar => bar.time > now + QUALITY_LIMITS.futureSeconds * 1000)
  if (future >= 0) fail('future', `the bar of ${at(future)} lies in the future`)
  // Import held spikes back; taking one out can make a neighbour one.
  const spikes = findSpikes(bars)
  if (spikes.length > 0)
    warn('spike', `${spikes.length} bars that the next one takes back, the first of ${at(spikes[0]!)}`)
  if (!isDaily(barMs) && disorder < 0) {
    const { missing, excludedDates } = findGaps(bars, barMs, calendar, { ...QUALITY_LIMITS, maxGapShare })
    if (missing > 0) warn('gap', `${missing} bars missing; ${excludedDates.length} days are kept from labels`)
  }
  if (barMs === DAY_MS && disorder < 0) {
    const sessions = missingSessions(bars, calendar)
    if (sessions.length > 0) warn('gap', `${sessions.length} sessions have no bar, the first of them ${sessions[0]}`)
  }
  const stale = series.hasVolume ? longestStaleRun(bars, calendar) : 0
  if (stale >= QUALITY_LIMITS.staleRun) warn('stale', `${stale} equal closes without volume in a row`)
  return findings
}

/** What the database says of each month; series of before it did so have none there. */
function auditPartitions(partitions: readonly Partition[], known: readonly Partition[]): Finding[] {
  const fail = (text: string): Finding => ({ severity: 'fail', check: 'partitions', text })
  const here = new Map(partitions.map(partition => [partition.month, partition]))
  const lost = known.filter(({ month }) => !here.has(month))
  const others = known.filter(({ month, sha256, rows }) => {
    const found = here.get(month)
    return found !== undefined && (found.sha256 !== sha256 || found.rows !== rows)
  })
  return [
    ...lost.map(({ month }) => fail(`${month} is in the database and not in the snapshot`)),
    ...others.map(({ month }) => fail(`${month} is not the one in the database`)),
  ]
}

export type MacroAudit = { readonly id: string; readonly hash: string; readonly findings: readonly Finding[] }

/** Every stored economic series is hashed and read again. */
export async function auditMacro({ macro }: Pick<State, 'macro'>): Promise<readonly MacroAudit[]> {
  const audits: MacroAudit[] = []
  for (const { id, hash } of await macro.list()) {
    const fault = await macro.load(id).then(
      () => undefined,
      (cause: unknown) => {
        if (cause instanceof Fault) return cause
        throw cause
      },
    )
    const text = fault === undefined ? [] : [`${fault.code}: ${fault.message} (${fault.place ?? id})`]
    audits.push({ id, hash, findings: text.map(words => ({ severity: 'fail', check: 'hash', text: words })) })
  }
  return audits
}

/** What is wrong with a series that was just read. */
export async function auditLoaded(loaded: Loaded, { dataSets }: AuditStores, ports: AuditPorts): Promise<Audit> {
  const { symbol, barMs, snapshotId, partitions } = loaded.snapshot
  const known = await dataSets.partitions({ hash: snapshotId, symbol })
  const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0)
  const findings = [...auditPartitions(partitions, known), ...auditBars(loaded, ports)]
  return { symbol, barMs, snapshotId, rows, findings }
}

/** Every partition is hashed again; a broken one is a finding, never an end of the audit. */
export async function auditSeries(
  stored: StoredSeries,
  state: AuditStores & { readonly bars: Pick<BarStore, 'load'> },
  ports: AuditPorts,
): Promise<Audit> {
  const { snapshot } = stored
  const { symbol, barMs, snapshotId, partitions } = snapshot
  try {
    const series = await state.bars.load(snapshot)
    const declared = instrumentsOf(ports.settings.instruments)
    const instrument = instrumentOf(symbol, calendarName(stored, series, declared), declared)
    return await auditLoaded({ snapshot, series, instrument }, state, ports)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const place = cause.place === undefined ? '' : ` (${cause.place})`
    const finding: Finding = { severity: 'fail', check: 'hash', text: `${cause.code}: ${cause.message}${place}` }
    const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0)
    return { symbol, barMs, snapshotId, rows, findings: [finding] }
  }
}

/** Fault: `DATA_UNSOUND` with the first failure. What is trained on broken bars would carry their error on (DATA-06). */
export function refuseUnsound({ symbol, findings }: Audit): void {
  const failed = findings.filter(({ severity }) => severity === 'fail')
  const [first] = failed
  if (first === undefined) return
  throw new Fault(
    'DATA_UNSOUND',
    `stored bars of ${symbol} fail ${failed.length} checks: ${first.check}: ${first.text}`,
    {
      place: symbol,
      fix: 'see all: ratchet data check; then import or fetch them again',
    },
  )
}
