// Runs as the world sees them, and which one a question is about.

import { Fault } from '../../base/fault.ts'
import { nearest } from '../../base/nearest.ts'
import type { Provenance } from '../../market/bar.ts'
import { cashInstrument, knownInstrument } from '../../market/instrument.ts'
import type { RunFacts } from '../../trading/journal.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import { plainFigures } from '../replay-figures.ts'
import type { ReplaySummary } from '../replay-summary.ts'
import type { RunFigures } from '../run-event.ts'
import type { Settings } from '../settings.ts'
import { type Page, type SortRequest, sortedPage } from './paging.ts'
import type { ViewPorts } from './view-ports.ts'

export type RunView = {
  runId: string
  channel: string
  symbol: string
  provenance: Provenance
  execution: 'paper'
  state: StoredRun['state']
  seed: string
  dataHash: string
  barMs: number
  bars: number
  barsDone: number
  warmupBars: number
  trainEvery: number
  capital: number
  startedAt: number
  endedAt: number | null
  clock: number | null
  eventHash: string | null
  figures: RunFigures | null
  configSnapshot: string
}

/** What a run was configured with; the account of the loop adds two keys to the settings. */
export type RunConfiguration = Settings & { readonly everyBars: number; readonly warmupBars: number }

type Records = Pick<ViewPorts, 'records' | 'dataSets'>

export async function configurationOf(
  run: StoredRun,
  { records }: Pick<ViewPorts, 'records'>,
): Promise<RunConfiguration> {
  const body = await records.configuration(run.configSnapshot)
  if (body === undefined) {
    throw new Fault('CONFIG_SNAPSHOT_MISSING', `run ${run.runId} has lost its configuration`, {
      fix: 'restore the database from a verified backup',
    })
  }
  // Runs of before this key had none.
  return { instruments: [], ...(JSON.parse(body) as Partial<RunConfiguration>) } as RunConfiguration
}

/** Runs of the first schema kept no facts: they are told by the data and the configuration. */
export async function factsOf(run: StoredRun, ports: Records): Promise<RunFacts> {
  if (run.facts !== null) return run.facts
  const set = (await ports.dataSets.list()).find(({ hash }) => hash === run.dataHash)
  const { everyBars, warmupBars, backtest } = await configurationOf(run, ports)
  return {
    barMs: set?.barMs ?? 0,
    bars: set?.rows ?? 0,
    warmupBars,
    trainEvery: everyBars,
    capital: backtest.initialCapital,
    step: (knownInstrument(run.symbol) ?? cashInstrument(run.symbol, '24x7')).step,
    provenance: set?.provenance ?? 'real',
    codeVersion: 'unknown',
  }
}

/** Newest run where none is named; undefined where there is none at all. Fault: `RUN_UNKNOWN`. */
export async function findRun(
  name: string | undefined,
  { records }: Pick<ViewPorts, 'records'>,
): Promise<StoredRun | undefined> {
  const runs = await records.runs()
  if (name === undefined) return runs[0]
  const run = runs.find(({ runId }) => runId === name)
  if (run !== undefined) return run
  const near = nearest(
    name,
    runs.map(({ runId }) => runId),
  )
  throw new Fault('RUN_UNKNOWN', `no run ${name} is known here`, {
    place: 'run',
    fix: near === undefined ? 'list the runs: GET /api/runs' : `did you mean ${near}?`,
  })
}

export async function runView(run: StoredRun, ports: Records): Promise<RunView> {
  const facts = await factsOf(run, ports)
  const last = await ports.records.lastPoint(run.runId)
  const barsDone = run.barsDone ?? (last === undefined ? 0 : await ports.records.pointsUntil(run.runId, last.at))
  const summary =
    run.summary === null
      ? undefined
      : (JSON.parse(run.summary) as Omit<ReplaySummary, 'figures'> & Partial<Pick<ReplaySummary, 'figures'>>)
  const { runId, channel, symbol, state, seed, dataHash, startedAt, endedAt, configSnapshot } = run
  const { provenance, barMs, bars, warmupBars, trainEvery, capital } = facts
  return {
    runId,
    channel,
    symbol,
    provenance,
    execution: 'paper',
    state,
    seed,
    dataHash,
    barMs,
    bars,
    barsDone: Math.min(bars, barsDone),
    warmupBars,
    trainEvery,
    capital,
    startedAt,
    endedAt,
    clock: last?.at ?? null,
    eventHash: summary?.eventHash ?? null,
    // Summaries of before the figures have none.
    figures: summary?.figures === undefined ? null : plainFigures(summary.figures),
    configSnapshot,
  }
}

export const RUN_SORTS = ['startedAt', 'symbol'] as const

export async function runsView(
  request: SortRequest<(typeof RUN_SORTS)[number]>,
  ports: Records,
): Promise<Page<RunView>> {
  const { items, next } = sortedPage(await ports.records.runs(), request, ({ runId }) => runId, {
    startedAt: ({ startedAt }) => startedAt,
    symbol: ({ symbol }) => symbol,
  })
  const views: RunView[] = []
  for (const run of items) views.push(await runView(run, ports))
  return { items: views, next }
}
