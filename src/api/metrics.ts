// Metrics for Prometheus (OBS-01): requests, questions and calls are measured as they come, one sample reads the rest.

import { collectDefaultMetrics, Registry } from 'prom-client'
import { Fault } from '../base/fault.ts'
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
  sample(): Promise<void>
  readonly registry: Registry
  /** Listens no longer. */
  close(): void
}

type MetricsOptions = Pick<
  ServerOptions,
  'views' | 'records' | 'vitals' | 'clock' | 'version' | 'onCall' | 'onReadings' | 'onQuery'
> & { readonly sampleMs: number }

export function metrics(options: MetricsOptions): Metrics {
  const { views, records, vitals, clock, version, onCall, onReadings, onQuery, sampleMs } = options
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

  const measure = async (): Promise<void> => {
    showVitals(await vitals.signs())
    await showState(await views.status())
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
    observe,
    sample,
    async scrape() {
      await sample()
      return { type: registry.contentType, text: await registry.metrics() }
    },
    close: () => stops.forEach(stop => stop?.()),
  }
}
