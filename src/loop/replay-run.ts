// Which run a replay is: a new one, or the newest of the state directory going on where it stopped.

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import type { JournalInput, RunProgress } from '../trading/journal.ts'
import type { CycleRecord } from './cycle-record.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { recordSettingsChanges } from './settings-changes.ts'
import { snapshotOf } from './settings-snapshot.ts'

export type ReplayRequest = {
  readonly market: Market
  readonly seed: number
  readonly everyBars: number
  /** One training per slot of this length, by the clock of the bars; `everyBars` is its length in bars then. */
  readonly everyMs?: number | undefined
  readonly warmupBars: number
  /** A new run, whatever there is to go on with. */
  readonly fresh?: boolean | undefined
  /** Rehearses a forged release once the first real one was judged (DEMO-04). */
  readonly rehearse?: boolean | undefined
}

/** What is known of a run before it begins or goes on. */
export type OpenedRun = {
  /** Undefined: a new one. */
  readonly runId: string | undefined
  /** Undefined: no bar is durable yet. */
  readonly progress: RunProgress | undefined
  readonly cycles: readonly CycleRecord[]
  readonly inputs: readonly JournalInput[]
}

const NEW: OpenedRun = { runId: undefined, progress: undefined, cycles: [], inputs: [] }

/** What was asked for beside the bars, the seed and the configuration. */
function askedOf(request: ReplayRequest): string {
  const { everyBars, everyMs, warmupBars, market } = request
  const news = market.news === undefined ? {} : { news: market.news.sha256 }
  const slots = everyMs === undefined ? {} : { everyMs }
  return sha256(canonicalJson({ everyBars, ...slots, ...news, warmupBars })).slice(0, 16)
}

/** The run lock is held: a run that says it is running was killed. */
export async function openRun(request: ReplayRequest, { runLog }: State, ports: Ports): Promise<OpenedRun> {
  const past = request.fresh === true ? undefined : await runLog.latest()
  if (past === undefined || (past.state !== 'running' && past.state !== 'interrupted')) return NEW
  const { symbol, snapshotId } = request.market.series
  const same =
    past.symbol === symbol &&
    past.dataHash === snapshotId &&
    past.seed === String(request.seed) &&
    past.codeVersion === ports.facts.codeVersion &&
    past.configSnapshot === snapshotOf(ports.settings).id &&
    past.asked === askedOf(request)
  if (!same) return NEW
  await runLog.reopen(past.runId)
  return {
    runId: past.runId,
    progress: past.progress,
    cycles: (await runLog.cycles(past.runId)).map(({ body }) => JSON.parse(body) as CycleRecord),
    inputs: await runLog.inputs(past.runId),
  }
}

export async function startRun(runId: string, request: ReplayRequest, state: State, ports: Ports): Promise<void> {
  const { market, seed, everyBars, warmupBars } = request
  const { series, instrument } = market
  await state.runLog.prune(ports.clock.now())
  await recordSettingsChanges({ settings: ports.settings, runId, clock: ports.clock }, state)
  await state.journal.startRun({
    runId,
    channel: runId,
    startedAt: ports.clock.now(),
    seed,
    symbol: series.symbol,
    dataHash: series.snapshotId,
    configSnapshot: snapshotOf(ports.settings),
    facts: {
      barMs: series.barMs,
      bars: series.bars.length,
      warmupBars,
      trainEvery: everyBars,
      capital: ports.settings.backtest.initialCapital,
      step: instrument.step,
      provenance: series.provenance,
      codeVersion: ports.facts.codeVersion,
      asked: askedOf(request),
    },
  })
}
