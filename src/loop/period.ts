// One trade date or month of a run, gathered from its records: what the daily and the monthly report tell (REP-01).

import { Fault } from '../base/fault.ts'
import type { ImportReport } from '../data/report.ts'
import type { Calendar } from '../market/calendar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { knownInstrument } from '../market/instrument.ts'
import type { RunFacts } from '../trading/journal.ts'
import type { StoredEvent, StoredPoint, StoredRun, StoredTrade, StoredTraining } from '../trading/read-model.ts'
import type { State } from './ports.ts'
import { factsOf, findRun } from './views/run-view.ts'

export type PeriodKind = 'daily' | 'monthly'

export type PeriodRequest = {
  readonly kind: PeriodKind
  /** `YYYY-MM-DD` or `YYYY-MM`, by trade date; the last one of the run where absent. */
  readonly name?: string | undefined
  /** The newest run where absent. */
  readonly run?: string | undefined
}

/** Of one trade date. */
export type PeriodSession = {
  readonly date: string
  /** At its last bar. */
  readonly at: number
  readonly equityMicros: number
  /** Net, as a fraction of the equity at its start. */
  readonly return: number
}

export type Period = {
  readonly kind: PeriodKind
  readonly name: string
  readonly run: StoredRun
  readonly facts: RunFacts
  /** The state at its start, then every bar in it. */
  readonly points: readonly StoredPoint[]
  readonly sessions: readonly PeriodSession[]
  /** In order of their exit. */
  readonly trades: readonly StoredTrade[]
  readonly decisions: {
    readonly outcomes: Readonly<Record<string, number>>
    /** First reason of each decision that did not enter. */
    readonly reasons: Readonly<Record<string, number>>
  }
  readonly trainings: readonly StoredTraining[]
  /** Verdicts, handovers and changes of the risk state, oldest first; those of old runs are no longer kept. */
  readonly events: readonly StoredEvent[]
  readonly labels: ReadonlyMap<string, string>
}

type PeriodState = Pick<State, 'records' | 'registry' | 'dataSets'>

const PAGE = 2000
const TOPICS = ['judged', 'swap', 'risk'] as const
const NONE = { fix: 'run something first: ratchet up' }

async function calendarOfRun(run: StoredRun, { dataSets }: PeriodState): Promise<Calendar> {
  const known = knownInstrument(run.symbol)
  if (known !== undefined) return calendarOf(known.calendar)
  const set = (await dataSets.list()).find(({ hash }) => hash === run.dataHash)
  return calendarOf(set === undefined ? '24x7' : (JSON.parse(set.report) as ImportReport).calendar)
}

async function tradesIn(runId: string, from: number, to: number, { records }: PeriodState): Promise<StoredTrade[]> {
  const found: StoredTrade[] = []
  for (;;) {
    const last = found.at(-1)
    const after = last === undefined ? undefined : { at: last.exitTime, id: last.decisionId }
    const page = await records.trades({ runId, from, to, after, limit: PAGE, newestFirst: false })
    found.push(...page)
    if (page.length < PAGE) return found
  }
}

async function decisionsIn(runId: string, from: number, to: number, { records }: PeriodState) {
  const outcomes: Record<string, number> = {}
  const reasons: Record<string, number> = {}
  let afterSeq: number | undefined
  for (;;) {
    const page = await records.decisions({ runId, from, to, afterSeq, limit: PAGE, newestFirst: false })
    for (const { outcome, reasons: why } of page) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      const first = why[0]?.code
      if (outcome !== 'enter' && first !== undefined) reasons[first] = (reasons[first] ?? 0) + 1
    }
    if (page.length < PAGE) return { outcomes, reasons }
    afterSeq = page.at(-1)!.seq
  }
}

function sessionsOf(points: readonly StoredPoint[], dateOf: (point: StoredPoint) => string): PeriodSession[] {
  const sessions: PeriodSession[] = []
  let start = points[0]!.equityMicros
  const inside = points.slice(1)
  for (const [i, point] of inside.entries()) {
    const date = dateOf(point)
    const next = inside[i + 1]
    if (next !== undefined && dateOf(next) === date) continue
    sessions.push({ date, at: point.at, equityMicros: point.equityMicros, return: point.equityMicros / start - 1 })
    start = point.equityMicros
  }
  return sessions
}

/**
 * Faults: `RUN_UNKNOWN`, `PERIOD_UNKNOWN` where the run has no bar in it.
 *
 * @example (await periodOf({ kind: 'daily', name: '2019-06-14' }, state)).trades.length
 */
export async function periodOf({ kind, name, run: wanted }: PeriodRequest, state: PeriodState): Promise<Period> {
  const { records, registry } = state
  const run = await findRun(wanted, { records })
  if (run === undefined) throw new Fault('PERIOD_UNKNOWN', 'there is no run to tell about', NONE)
  const { runId } = run
  const facts = await factsOf(run, state)
  const calendar = await calendarOfRun(run, state)
  const all = await records.points(runId, 1)
  // A bar that ends with its session belongs to the session that it ends.
  const dateOf = ({ at }: StoredPoint): string => calendar.at(at - 1).tradeDate
  const periodName = (point: StoredPoint): string => dateOf(point).slice(0, kind === 'daily' ? 10 : 7)
  const newest = all.at(-1)
  if (newest === undefined) throw new Fault('PERIOD_UNKNOWN', `run ${runId} has no bars yet`, NONE)
  const chosen = name ?? periodName(newest)
  const first = all.findIndex(point => periodName(point) === chosen)
  if (first < 0) {
    const span = `${periodName(all[0]!)} to ${periodName(newest)}`
    throw new Fault('PERIOD_UNKNOWN', `run ${runId} has no bars on ${chosen}`, {
      place: chosen,
      fix: `choose one of ${span} on which its market traded`,
    })
  }
  const inside = all.slice(first, all.findLastIndex(point => periodName(point) === chosen) + 1)
  const capital = Math.round(facts.capital * 1e6)
  const nothing = { at: inside[0]!.at, equityMicros: capital, holdMicros: capital, previousMicros: null }
  const points = [all[first - 1] ?? nothing, ...inside]
  const from = first === 0 ? -Infinity : points[0]!.at + 1
  const to = inside.at(-1)!.at
  const within = (at: number): boolean => at >= from && at <= to
  // Of a run that is still told about its last bar, what ended with it counts.
  const events = await records.newestEvents(runId, TOPICS, 100_000)
  return {
    kind,
    name: chosen,
    run,
    facts,
    points,
    sessions: sessionsOf(points, dateOf),
    trades: await tradesIn(runId, Math.max(from, 0), to, state),
    decisions: await decisionsIn(runId, Math.max(from, 0), to, state),
    trainings: (await records.trainings(runId)).filter(({ asOf }) => within(asOf)),
    events: events.filter(({ at }) => within(at)).reverse(),
    labels: new Map((await registry.releases()).map(({ releaseId, label }) => [releaseId, label])),
  }
}
