// Metrics by their short names: every one is Ratchet's and stands in one registry (OBS-01).

import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type Instruments = {
  readonly counter: (name: string, help: string, ...labels: string[]) => Counter
  readonly gauge: (name: string, help: string, ...labels: string[]) => Gauge
  readonly histogram: (name: string, help: string, buckets: readonly number[], ...labels: string[]) => Histogram
}

/** @example instruments(registry).gauge('equity', 'equity of the account in dollars').set(100_000) */
export function instruments(registry: Registry): Instruments {
  const registers = [registry]
  const named = (name: string, help: string, labelNames: string[]) => ({
    name: `ratchet_${name}`,
    help,
    labelNames,
    registers,
  })
  return {
    counter: (name, help, ...labels) => new Counter(named(name, help, labels)),
    gauge: (name, help, ...labels) => new Gauge(named(name, help, labels)),
    histogram: (name, help, buckets, ...labels) =>
      new Histogram({ ...named(name, help, labels), buckets: [...buckets] }),
  }
}
