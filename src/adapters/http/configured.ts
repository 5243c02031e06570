// The HTTP source as the configuration wants it: one policy for the whole process, so that limits per host hold for all of it.

import type { Clock } from '../../base/clock.ts'
import type { Disk } from '../../base/disk.ts'
import type { Log } from '../../base/log.ts'
import type { BreakerMemory } from '../../base/resilience/breaker-memory.ts'
import { bulkhead } from '../../base/resilience/bulkhead.ts'
import type { CallListener } from '../../base/resilience/call-fact.ts'
import type { Rng } from '../../base/rng.ts'
import type { Secret } from '../../base/secret.ts'
import type { Timer } from '../../base/timer.ts'
import { mirroredSource } from '../../release/mirrors.ts'
import type { ReleaseSource } from '../../release/source.ts'
import { apiKey } from './api-key.ts'
import type { SecretHeader } from './client.ts'
import { httpPolicy } from './policy.ts'
import { httpSource } from './source.ts'

/** The keys of the configuration that are read here. */
export type HttpSettings = {
  readonly cloudTrainer: {
    readonly http: {
      readonly timeoutSeconds: number
      readonly maxRetries: number | null
      readonly rateLimitPerMinute: number
      readonly allowedHosts: readonly string[]
    }
    readonly performance: { readonly maxConcurrentDownloads: number; readonly maxFileSizeBytes: number }
    readonly releases: { readonly apiKeyHeader: string }
  }
  readonly resilience: {
    readonly maxRetryAttempts: number
    readonly baseDelayMs: number
    readonly backoffMultiplier: number
    readonly maxDelayMs: number
    readonly retryBudgetRatio: number
    readonly circuitBreakerFailureThreshold: number
    readonly circuitBreakerTimeoutSeconds: number
    readonly circuitBreakerRecoverySeconds: number
    readonly halfOpenProbes: number
    readonly httpTimeoutMs: number
    readonly attemptTimeoutMs: number
  }
}

export type ConfiguredOptions = {
  readonly settings: HttpSettings
  /** `RELEASES_API_KEY`, or what the file of `RELEASES_API_KEY_FILE` holds, is sent to the origin as a header; in production (`RATCHET_MODE`, else `NODE_ENV`) only https is accepted. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Never goes back. */
  readonly disk: Pick<Disk, 'read'>
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly log: Log
  /** Keeps what the breakers know over a restart. */
  readonly memory?: BreakerMemory | undefined
  readonly onCall?: CallListener | undefined
}

/** @example isUrl('https://cdn.example.com') // true: not a folder */
export const isUrl = (place: string): boolean => /^https?:\/\//i.test(place)

/**
 * Several URLs with commas between them are mirrors of one channel.
 *
 * @example httpSources(options)('https://cdn.example.com').describe() // { kind: 'manifest', place: 'https://cdn.example.com/' }
 */
export function httpSources(options: ConfiguredOptions): (place: string) => ReleaseSource {
  const { settings, environment, clock, timer, rng, log, memory, onCall } = options
  const { cloudTrainer, resilience } = settings
  const { timeoutSeconds, maxRetries, rateLimitPerMinute, allowedHosts } = cloudTrainer.http
  const { attemptTimeoutMs, httpTimeoutMs } = resilience
  const policy = httpPolicy({
    clock,
    timer,
    rng,
    log,
    memory,
    onCall,
    perMinute: rateLimitPerMinute,
    maxRetries: maxRetries ?? resilience.maxRetryAttempts,
    backoff: {
      baseDelayMs: resilience.baseDelayMs,
      multiplier: resilience.backoffMultiplier,
      maxDelayMs: resilience.maxDelayMs,
    },
    budget: { ratio: resilience.retryBudgetRatio },
    breaker: {
      failureThreshold: resilience.circuitBreakerFailureThreshold,
      openMs: resilience.circuitBreakerTimeoutSeconds * 1000,
      recoveryMs: resilience.circuitBreakerRecoverySeconds * 1000,
      halfOpenProbes: resilience.halfOpenProbes,
    },
  })
  const limits = {
    connectMs: attemptTimeoutMs,
    headersMs: attemptTimeoutMs,
    idleMs: attemptTimeoutMs,
    pollMs: httpTimeoutMs,
    totalMs: timeoutSeconds * 1000,
  }
  const secret = secretHeader(options)
  const { maxConcurrentDownloads: places, maxFileSizeBytes: maxFileBytes } = cloudTrainer.performance
  const downloads = { hall: bulkhead(places), places }
  const mode = environment['RATCHET_MODE'] ?? environment['NODE_ENV']
  const allowHttp = mode !== 'production'
  const onDate = (at: number) => onCall?.({ type: 'dated', operation: 'poll', at })
  const sourceAt = (base: string) =>
    httpSource({ base, clock, timer, policy, limits, downloads, maxFileBytes, allowHttp, allowedHosts, secret, onDate })
  return place => {
    const [first, ...more] = place.split(/,(?=https?:\/\/)/i) as [string, ...string[]]
    return more.length === 0 ? sourceAt(first) : mirroredSource({ sources: [first, ...more].map(sourceAt), clock })
  }
}

/** Read with the first request: who fetches nothing needs no key. */
function secretHeader({ settings, environment, disk }: ConfiguredOptions): SecretHeader | undefined {
  const name = 'RELEASES_API_KEY'
  if ((environment[name] ?? '') === '' && (environment[`${name}_FILE`] ?? '') === '') return undefined
  let key: Promise<Secret> | undefined
  const from = 'whoever publishes the releases'
  const value = (): Promise<Secret> => (key ??= apiKey({ name, environment, disk, from, spaces: true }))
  return { name: settings.cloudTrainer.releases.apiKeyHeader, value }
}
