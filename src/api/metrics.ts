// Metrics for Prometheus (OBS-01): one hook measures every route, one sample reads the rest. Labels are names of ours, never ids.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RunEventBodies } from '../loop/run-event.ts'
import type { StatusView } from '../loop/views/status-view.ts'
import type { ServerOptions } from './options.ts'

const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
/** The one recipe that trains here. */
const MODEL = 'ratchet'
const EVENTS_AT_ONCE = 5000

export type RequestFacts = {
  readonly method: string
  /** Pattern of the route; unknown paths share one name. */
  readonly route: string
  readonly status: number
  readonly seconds: number
  /** Code of the refusal. */
  readonly code: string | undefined
}

export interface Metrics {
  observe(request: RequestFacts): void
  /** Prometheus text and its content type. */
  scrape(): Promise<{ readonly type: string; readonly text: string }>
  sample(): Promise<void>
  readonly registry: Registry
}

type MetricsOptions = Pick<ServerOptions, 'views' | 'records' | 'vitals' | 'clock' | 'version'> & {
  readonly sampleMs: number
}

export function metrics({ views, records, vitals, clock, version, sampleMs }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `ratchet_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `ratchet_${name}`, help, labelNames, registers })
  collectDefaultMetrics({ register: registry })

  const requests = counter('api_requests_total', 'requests answered', 'method', 'endpoint', 'status')
  const errors = counter('api_errors_total', 'requests refused, by code', 'code')
  const durations = new Histogram({
    name: 'ratchet_api_request_duration_seconds',
    help: 'time to answer',
    labelNames: ['method', 'endpoint'],
    buckets: DURATIONS,
    registers,
  })
  const decisions = counter('decisions_total', 'decisions of the newest run', 'outcome', 'reason')
  const trainings = counter('model_training_total', 'trainings that ended', 'model_id', 'status')
  const syncs = counter('sync_total', 'releases judged at the door', 'result')
  const swaps = counter('swap_total', 'changes of what is in charge', 'result')
  const gates = counter('gate_results_total', 'verdicts of gates', 'gate', 'result')
  const releaseVersion = gauge('release_version', 'version in charge; 0 is the baseline', 'slot')
  const releaseAge = gauge('release_age_seconds', 'how long it is in charge, on the clock of the run', 'slot')
  const equity = gauge('equity', 'equity of the account in dollars')
  const drawdown = gauge('drawdown_ratio', 'fall from the peak as a share of it')
  const position = gauge('position_contracts', 'signed lots', 'symbol')
  const killed = gauge('kill_switch_active', '1 while the kill switch is pulled', 'scope')
  const lag = gauge('event_loop_lag_seconds', '99th percentile of the server thread since the last sample')
  const disk = gauge('disk_used_ratio', 'used share of the volume', 'volume')
  const build = gauge('build_info', 'version and mode', 'version', 'mode')

  let sampledAt = Number.NEGATIVE_INFINITY
  let sampling: Promise<void> | undefined
  let eventsUpTo: number | undefined
  let counted = { runId: '', seq: -1 }

  /** Counts what happened since the last sample; what happened before this process is not counted. */
  const countEvents = async (): Promise<void> => {
    const { newest } = await records.eventSpan()
    let after = eventsUpTo ?? newest
    for (;;) {
      const rows = await records.events({ after, limit: EVENTS_AT_ONCE, topics: ['training', 'judged', 'swap'] })
      for (const { topic, body } of rows) count(topic, JSON.parse(body))
      if (rows.length < EVENTS_AT_ONCE) break
      after = rows.at(-1)!.seq
    }
    eventsUpTo = Math.max(newest, after)
  }
  const count = (topic: string, body: unknown): void => {
    if (topic === 'training') {
      const { state } = body as RunEventBodies['training']
      if (state !== 'started') trainings.inc({ model_id: MODEL, status: state })
    } else if (topic === 'judged') {
      const { verdict, drill, gates: results } = body as RunEventBodies['judged']
      syncs.inc({ result: drill ? 'drill' : verdict })
      for (const { gate, result } of results) gates.inc({ gate, result })
    } else swaps.inc({ result: (body as RunEventBodies['swap']).event })
  }
  const countDecisions = async (runId: string): Promise<void> => {
    if (counted.runId !== runId) {
      decisions.reset()
      counted = { runId, seq: -1 }
    }
    for (const { outcome, reason, count: times, last } of await records.decisionCounts(runId, counted.seq)) {
      decisions.inc({ outcome, reason: reason ?? 'none' }, times)
      counted = { runId, seq: Math.max(counted.seq, last) }
    }
  }
  const show = async ({ account, killed: pulled, mode, run, slots }: StatusView): Promise<void> => {
    if (account !== null) {
      equity.set(account.equity)
      drawdown.set(account.drawdown)
      if (run !== null) position.set({ symbol: run.symbol }, account.position)
    }
    killed.set({ scope: 'all' }, pulled === null ? 0 : 1)
    build.reset()
    build.set({ version, mode }, 1)
    for (const { slot, label, since } of slots) {
      releaseVersion.set({ slot }, Number(label?.split('_').at(-1) ?? 0))
      releaseAge.set({ slot }, since === null || run?.clock == null ? 0 : Math.max(0, run.clock - since) / 1000)
    }
    if (run !== null) await countDecisions(run.runId)
  }
  const measure = async (): Promise<void> => {
    const { diskUsedRatio, loopLag } = await vitals.signs()
    disk.set({ volume: 'state' }, diskUsedRatio)
    // NaN until the first turn was measured.
    lag.set(Number.isFinite(loopLag.p99Ms) ? loopLag.p99Ms / 1000 : 0)
    await show(await views.status())
    await countEvents()
  }
  const sample = async (): Promise<void> => {
    if (clock.now() - sampledAt < sampleMs) return
    sampling ??= measure().finally(() => (sampling = undefined))
    await sampling
    sampledAt = clock.now()
  }

  return {
    registry,
    observe({ method, route, status, seconds, code }) {
      requests.inc({ method, endpoint: route, status })
      durations.observe({ method, endpoint: route }, seconds)
      if (code !== undefined) errors.inc({ code })
    },
    sample,
    async scrape() {
      await sample()
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
