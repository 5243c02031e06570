// Metrics for Prometheus (OBS-01): requests, questions and calls are measured as they come, one sample reads the rest.

import { collectDefaultMetrics, Registry } from 'prom-client'
import { Fault } from '../base/fault.ts'
import type { VitalSigns } from '../base/vitals.ts'
import type { StatusView } from '../loop/views/status-view.ts'
import { eventMetrics } from './event-metrics.ts'
import { instruments } from './instruments.ts'
import { loopMetrics } from './loop-metrics.ts'
import { callMetrics, queryMetrics, vitalMetrics } from './machine-metrics.ts'
import type { ServerOptions } from './options.ts'
import { type RequestFacts, requestMetrics } from './request-metrics.ts'
import { stateMetrics } from './state-metrics.ts'

export interface Metrics {
  observe(request: RequestFacts): void
  /** Prometheus text and its content type. */
  scrape(): Promise<{ readonly type: string; readonly text: string }>
  /** Samples by the clock, off the trading thread, and tells the log a statistic now and then; until `close`. */
  run(): Promise<void>
  readonly registry: Registry
  /** Mean time of an answer of a model; null before the first. */
  predictionMs(): Promise<number | null>
  /** Listens no longer. */
  close(): void
}

type MetricsOptions = Pick<
  ServerOptions,
  'views' | 'records' | 'vitals' | 'clock' | 'timer' | 'log' | 'version' | 'onCall' | 'onReadings' | 'onQuery'
> & {
  /** 0: with each scrape only. */
  readonly sampleMs: number
}

const PREDICTIONS = 'ratchet_model_prediction_duration_seconds'

/** OBS-04. */
const STATISTICS_MS = 600_000

export function metrics(options: MetricsOptions): Metrics {
  const { views, records, vitals, clock, timer, log, version, onCall, onReadings, onQuery, sampleMs } = options
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const made = instruments(registry)
  const observe = requestMetrics(made)
  const orders = made.counter('orders_total', 'orders, by what became of them', 'status')
  const countEvents = eventMetrics(made, records, orders)
  const driftOf = async (digest: string): Promise<number | undefined> => {
    try {
      return (await views.release(digest)).driftScore
    } catch (cause) {
      // Its documents are gone or changed: whoever asks for the release is told so.
      if (cause instanceof Fault) return undefined
      throw cause
    }
  }
  const showState = stateMetrics(made, { records, driftOf, clock, version })
  const showVitals = vitalMetrics(made)
  const stops = [onCall?.(callMetrics(made)), onReadings?.(loopMetrics(made, orders)), onQuery?.(queryMetrics(made))]

  let sampledAt = Number.NEGATIVE_INFINITY
  let sampling: Promise<void> | undefined

  let toldAt = clock.now()
  const tellStatistics = ({ residentBytes, cpuMs, uptimeMs }: VitalSigns, { account, counts }: StatusView): void => {
    if (clock.now() - toldAt < STATISTICS_MS) return
    toldAt = clock.now()
    const memoryUsageMB = Math.round(residentBytes / 1024 / 1024)
    const figures = { equity: account?.equity ?? null, drawdown: account?.drawdown ?? null, ...counts }
    log.write('info', 'statistics', 'the figures of this process and its run', {
      memoryUsageMB,
      cpuTimeMs: Math.round(cpuMs),
      uptimeHours: uptimeMs / 3_600_000,
      ...figures,
    })
  }
  const closing = new AbortController()

  const measure = async (): Promise<void> => {
    const signs = await vitals.signs()
    showVitals(signs)
    const status = await views.status()
    await showState(status)
    await countEvents()
    tellStatistics(signs, status)
  }
  const sample = async (): Promise<void> => {
    if (clock.now() - sampledAt < sampleMs) return
    sampling ??= measure().finally(() => (sampling = undefined))
    await sampling
    sampledAt = clock.now()
  }

  return {
    registry,
    async predictionMs() {
      const { values = [] } = (await registry.getSingleMetric(PREDICTIONS)?.get()) ?? {}
      const sumOf = (part: string) =>
        (values as { metricName?: string; value: number }[])
          .filter(({ metricName }) => metricName === `${PREDICTIONS}_${part}`)
          .reduce((sum, { value }) => sum + value, 0)
      const count = sumOf('count')
      return count === 0 ? null : (sumOf('sum') / count) * 1000
    },
    observe,
    async run() {
      if (sampleMs === 0) return
      while (!closing.signal.aborted) {
        try {
          await sample()
          await timer.sleep(sampleMs, closing.signal)
        } catch (cause) {
          if (closing.signal.aborted) return
          // The next scrape finds it again and says so to whoever asks.
          log.write('warn', 'metrics.sample', 'a sample could not be taken', { cause: String(cause) })
          await timer.sleep(sampleMs, closing.signal).catch(() => undefined)
        }
      }
    },
    async scrape() {
      await sample()
      return { type: registry.contentType, text: await registry.metrics() }
    },
    close() {
      closing.abort()
      stops.forEach(stop => stop?.())
    },
  }
}
