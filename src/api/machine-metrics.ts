// The process, its disk and its database; and its calls to places outside, as the loop tells them.

import type { BreakerState } from '../base/resilience/breaker.ts'
import type { CallListener } from '../base/resilience/call-fact.ts'
import type { VitalSigns } from '../base/vitals.ts'
import type { Instruments } from './instruments.ts'

const BREAKER: Readonly<Record<BreakerState, number>> = { closed: 0, halfOpen: 1, open: 2 }
const QUERY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

const WAIT_SECONDS = [0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300]

/** A question to the database: the verb and the table, both ours. */
export type QueryFacts = { readonly operation: string; readonly seconds: number }

export function vitalMetrics({ gauge }: Instruments): (signs: VitalSigns) => void {
  const disk = gauge('disk_used_ratio', 'used share of the volume', 'volume')
  const memory = gauge('memory_limit_bytes', 'most that this process may take, limits of a container included')
  const database = gauge('db_size_bytes', 'of the database with its log')
  const backup = gauge('backup_verified_timestamp_seconds', 'when the newest proven backup was made; 0: none')
  return ({ diskUsedRatio, memoryLimitBytes, databaseBytes, backupVerifiedAt = 0 }) => {
    disk.set({ volume: 'state' }, diskUsedRatio)
    memory.set(memoryLimitBytes)
    database.set(databaseBytes)
    backup.set(backupVerifiedAt / 1000)
  }
}

export function queryMetrics({ histogram }: Instruments): (query: QueryFacts) => void {
  const durations = histogram(
    'db_query_duration_seconds',
    'time of a question of this server',
    QUERY_SECONDS,
    'operation',
  )
  return ({ operation, seconds }) => durations.observe({ operation }, seconds)
}

export function callMetrics({ counter, gauge, histogram }: Instruments): CallListener {
  const calls = counter('external_calls_total', 'calls to places outside', 'operation', 'result')
  const breakers = gauge('breaker_state', '0 closed, 1 half-open, 2 open; of several places the worst', 'operation')
  const retries = counter('retries_total', 'calls that were made once more', 'operation')
  const waits = histogram('rate_limit_wait_seconds', 'waits for the rate limit of a client', WAIT_SECONDS, 'client')
  const states = new Map<string, Map<string, number>>()
  return fact => {
    const { operation } = fact
    if (fact.type === 'ended') calls.inc({ operation, result: fact.result })
    else if (fact.type === 'retried') retries.inc({ operation })
    else if (fact.type === 'dated') return
    else if (fact.type === 'waited') waits.observe({ client: operation }, fact.ms / 1000)
    else {
      const places = states.get(operation) ?? new Map<string, number>()
      states.set(operation, places.set(fact.key, BREAKER[fact.state]))
      breakers.set({ operation }, Math.max(...places.values()))
    }
  }
}
