// What the server is built from; the composition root hands it in.

import type { Clock } from '../base/clock.ts'
import type { Fault } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import type { ReadingListener } from '../base/meter.ts'
import type { CallListener } from '../base/resilience/call-fact.ts'
import type { KeyStore } from '../base/resilience/key-store.ts'
import type { Timer } from '../base/timer.ts'
import type { Vitals } from '../base/vitals.ts'
import type { KillSwitch } from '../loop/kill-file.ts'
import type { RunControl } from '../loop/run-control.ts'
import type { RunReading } from '../loop/run-reading.ts'
import type { Settings } from '../loop/settings.ts'
import type { Views } from '../loop/views/index.ts'
import type { ReadModel } from '../trading/read-model.ts'
import type { QueryFacts } from './machine-metrics.ts'
import type { Policy } from './policies.ts'

/** What is asked of a caller before a route answers. */
export type Caller = { readonly address: string; readonly method: string; readonly path: string }

export interface Authorize {
  /** The refusal, or undefined where the caller may. */
  (policy: Policy, caller: Caller): Fault | undefined
}

export type ApiLimits = {
  /** Requests a minute, and how many of them at once, from one address. */
  readonly requestsPerMinute: number
  readonly burst: number
  /** Requests that start work of minutes, such as a training. */
  readonly costlyPerHour: number
  /** Requests that are worked on at once, that wait for their turn, and how long they do. */
  readonly activeRequests: number
  readonly queuedRequests: number
  readonly queueMs: number
  /** Open connections, idle ones included. */
  readonly connections: number
  readonly bodyBytes: number
  readonly headerMs: number
  readonly requestMs: number
  /** Rows of a page of events, and how many may wait for a consumer that takes nothing for `stallMs`. */
  readonly eventPage: number
  readonly queuedEvents: number
  readonly stallMs: number
  readonly heartbeatMs: number
  /** Least time between two live states. */
  readonly liveMs: number
  readonly idempotencyMs: number
  /** Between two samples of the metrics. */
  readonly sampleMs: number
}

/** API-03 to API-06, OBS-01. */
export const API_LIMITS: ApiLimits = Object.freeze({
  requestsPerMinute: 600,
  burst: 100,
  costlyPerHour: 30,
  activeRequests: 64,
  queuedRequests: 24,
  queueMs: 3000,
  connections: 12_000,
  bodyBytes: 1 << 20,
  headerMs: 10_000,
  requestMs: 30_000,
  eventPage: 1000,
  queuedEvents: 1000,
  stallMs: 5000,
  heartbeatMs: 15_000,
  liveMs: 100,
  idempotencyMs: 24 * 3_600_000,
  sampleMs: 15_000,
})

export type ServerOptions = {
  readonly views: Views
  readonly records: ReadModel
  readonly control: RunControl
  readonly kill: KillSwitch
  readonly keys: KeyStore
  readonly clock: Clock
  readonly timer: Timer
  readonly vitals: Vitals
  readonly health: Settings['health']
  /** How long ago the loop's own thread turned last, ms; absent where it is this one. */
  readonly loopSilenceMs?: (() => number) | undefined
  /** Tells of calls to places outside; gives the way to stop. */
  readonly onCall?: ((listener: CallListener) => () => void) | undefined
  /** Tells what the loop measures of itself. */
  readonly onReadings?: ((listener: ReadingListener<RunReading>) => () => void) | undefined
  /** Tells of questions to the database. */
  readonly onQuery?: ((listener: (query: QueryFacts) => void) => () => void) | undefined
  readonly log: Log
  /** Of the program. */
  readonly version: string
  /** Folder with the built dashboard; where it is not there, one page says how to build it. */
  readonly dashboard: string
  readonly authorize?: Authorize
  readonly limits?: Partial<ApiLimits>
}
