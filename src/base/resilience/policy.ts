// Calls to places that may fail, outside in: total deadline, rate limit, breaker, retry (RSL-01). A single attempt brings its own timeouts.

import type { Clock } from '../clock.ts'
import { Fault, unwrap } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Rng } from '../rng.ts'
import type { Timer } from '../timer.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import type { Breaker, BreakerOptions, Permit, Settlement } from './breaker.ts'
import type { BreakerMemory } from './breaker-memory.ts'
import { breakerSet } from './breaker-set.ts'
import type { CallListener } from './call-fact.ts'
import { deadlineSignal } from './deadline.ts'
import { type RetryBudget, type RetryBudgetOptions, retryBudget } from './retry-budget.ts'
import { type TokenBucket, tokenBucket } from './token-bucket.ts'

/** What a failure says about the place that was asked. */
export type FailureKind = {
  /** `soft`: worth another try without being the place's fault, so that neither breaker nor budget counts it. */
  readonly retry: boolean | 'soft'
  /** Whether the operation counts as failed when this was its end. */
  readonly counts: boolean
  /** The place asked to be left alone for so long. */
  readonly pauseMs?: number | undefined
}

export type PolicyOptions = {
  /** Never goes back. */
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly log: Log
  readonly kindOf: (failure: unknown) => FailureKind
  readonly perMinute?: number
  readonly burst?: number
  readonly maxRetries?: number
  readonly backoff?: BackoffOptions
  readonly budget?: Omit<RetryBudgetOptions, 'clock'>
  readonly breaker?: Omit<BreakerOptions, 'clock' | 'onChange' | 'from'>
  /** Keeps what the breakers know over a restart. */
  readonly memory?: BreakerMemory | undefined
  readonly onCall?: CallListener | undefined
}

export type OperationRequest = {
  /** Whom the rate limit is for. */
  readonly host: string
  /** Together with the host the key of breaker and budget. */
  readonly operation: string
  readonly totalMs: number
  readonly signal: AbortSignal
}

export interface Policy {
  /**
   * What the attempts yield, one after the other until one gets to its end. An attempt that follows another one goes on where that
   * one stopped; it knows what it has yielded.
   * Faults: `DEADLINE_EXCEEDED`, `RATE_PAUSED`, `RATE_QUEUE_FULL`, `BREAKER_OPEN` and those of the attempts.
   */
  stream<T>(request: OperationRequest, attempt: (signal: AbortSignal) => AsyncIterable<T>): AsyncGenerator<T>
  /** One answer. */
  run<T>(request: OperationRequest, attempt: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** A token for one more request of an attempt, as after a redirect. */
  turn(host: string, signal: AbortSignal): Promise<void>
  /** What an answer says of the limit: it cost nothing, or the place is to be left alone for so long. */
  answered(host: string, said: { readonly free: boolean; readonly pauseMs: number | undefined }): void
}

const remembered = <T>(make: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>()
  return key => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

const codeOf = (failure: unknown): string => (failure instanceof Fault ? failure.code : 'UNKNOWN')

/** @example await policy.run({ host: 'cdn.example.com', operation: 'poll', totalMs: 30_000, signal }, signal => ask(signal)) */
export function resiliencePolicy(options: PolicyOptions): Policy {
  const { clock, timer, log, kindOf, memory, onCall, perMinute = 60, burst = 10 } = options
  const buckets = remembered(() => tokenBucket({ clock, timer, perMinute, burst }))
  const budgets = remembered(() => retryBudget({ clock, ...options.budget }))
  const breakers = breakerSet({
    breaker: { clock, ...options.breaker },
    memory,
    log,
    onChange: (key, to, from) =>
      log.write(to === 'open' ? 'warn' : 'info', 'resilience.breaker', `${key}: ${from} -> ${to}`, { key, from, to }),
  })

  async function* stream<T>(
    { host, operation, totalMs, signal: caller }: OperationRequest,
    attempt: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    caller.throwIfAborted()
    const key = `${host} ${operation}`
    const parts = { bucket: buckets(host), budget: budgets(key), breaker: await breakers.of(key) }
    onCall?.({ type: 'breaker', operation, key, state: parts.breaker.state() })
    const deadlineAt = clock.now() + totalMs
    const pausedMs = parts.bucket.pausedMs()
    if (pausedMs > totalMs) {
      onCall?.({ type: 'ended', operation, result: 'refused' })
      throw new Fault('RATE_PAUSED', `asked to be left alone for ${Math.ceil(pausedMs / 1000)} s more`, { place: host })
    }
    const deadline = deadlineSignal(timer, totalMs, host)
    const signal = AbortSignal.any([caller, deadline.signal])
    try {
      yield* attempts({ ...parts, key, operation, deadlineAt, signal, caller }, attempt)
    } finally {
      deadline.end()
    }
  }

  type Operation = {
    readonly key: string
    readonly operation: string
    readonly bucket: TokenBucket
    readonly budget: RetryBudget
    readonly breaker: Breaker
    readonly deadlineAt: number
    readonly signal: AbortSignal
    readonly caller: AbortSignal
  }

  async function* attempts<T>(
    operation: Operation,
    attempt: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const { key, breaker, budget, signal, caller } = operation
    const began = clock.now()
    const permit = await admitted(operation)
    budget.called()
    let end: Settlement = 'succeeded'
    let retries = 0
    try {
      for (; ; retries++) {
        try {
          if (retries > 0) await token(operation)
          yield* attempt(signal)
          if (retries > 0) {
            const durationMs = clock.now() - began
            log.write('info', 'resilience.recovered', `${key}: well at try ${retries + 1}`, {
              key,
              attempt: retries + 1,
              durationMs,
            })
          }
          return
        } catch (cause) {
          signal.throwIfAborted()
          await nextTry(operation, cause, retries)
        }
      }
    } catch (cause) {
      if (caller.aborted) end = 'cancelled'
      else end = signal.aborted || kindOf(cause).counts ? 'failed' : 'succeeded'
      const code = codeOf(cause)
      const durationMs = clock.now() - began
      if (end === 'failed')
        log.write('info', 'resilience.fault', `${key}: ${code}`, { key, code, attempt: retries + 1, durationMs })
      throw cause
    } finally {
      permit.settle(end)
      onCall?.({ type: 'ended', operation: operation.operation, result: end })
      onCall?.({ type: 'breaker', operation: operation.operation, key, state: breaker.state() })
      await breakers.keep()
    }
  }

  async function token({ bucket, operation, signal }: Operation): Promise<void> {
    const asked = clock.now()
    await bucket.take(signal)
    onCall?.({ type: 'waited', operation, ms: clock.now() - asked })
  }

  /** A token and the breaker's leave. */
  async function admitted(operation: Operation): Promise<Permit> {
    try {
      await token(operation)
      return unwrap(operation.breaker.admit())
    } catch (cause) {
      const result = operation.caller.aborted ? 'cancelled' : 'refused'
      onCall?.({ type: 'ended', operation: operation.operation, result })
      throw cause
    }
  }

  /** Waits for the next try, or throws the failure for good. */
  async function nextTry(
    { key, operation, bucket, budget, deadlineAt, signal }: Operation,
    failure: unknown,
    retries: number,
  ): Promise<void> {
    const { retry, pauseMs } = kindOf(failure)
    if (pauseMs !== undefined) bucket.pause(pauseMs)
    if (retry === false || retries >= (options.maxRetries ?? 3)) throw failure
    const waitMs = pauseMs ?? backoffMs(retries + 1, options.rng, options.backoff)
    if (clock.now() + waitMs >= deadlineAt || (retry !== 'soft' && !budget.take())) throw failure
    const code = codeOf(failure)
    const attempt = retries + 2
    log.write('info', 'resilience.retry', `${key}: ${code}, try ${attempt} in ${Math.ceil(waitMs)} ms`, {
      key,
      code,
      attempt,
    })
    onCall?.({ type: 'retried', operation })
    await timer.sleep(waitMs, signal)
  }

  return {
    stream,
    async run(request, attempt) {
      const answers = stream(request, async function* (signal) {
        yield await attempt(signal)
      })
      const { value } = await answers.next()
      await answers.return(undefined)
      return value as Awaited<ReturnType<typeof attempt>>
    },
    turn: (host, signal) => buckets(host).take(signal),
    answered(host, { free, pauseMs }) {
      if (free) buckets(host).giveBack()
      if (pauseMs !== undefined) buckets(host).pause(pauseMs)
    },
  }
}
