// A circuit breaker: a place that keeps failing is left alone for a while, then asked once whether it is well again (RSL, RSL-05).

import type { Clock } from '../clock.ts'
import { accepted, type Outcome, refused } from '../fault.ts'

export type BreakerState = 'closed' | 'open' | 'halfOpen'

/** How one operation ended; `cancelled` says nothing about the place. */
export type Settlement = 'succeeded' | 'failed' | 'cancelled'

export interface Permit {
  /** Called once, at the end of the operation; what began before the breaker last changed is not counted. */
  settle(how: Settlement): void
}

/** What a breaker knows that is worth keeping over a restart; times count from the moment of the mark. */
export type BreakerMark = {
  /** Until somebody may ask again; null where it is closed. */
  readonly openForMs: number | null
  readonly openings: number
  readonly failures: number
  /** Since the last failure. */
  readonly quietForMs: number
}

export interface Breaker {
  /** Leave for one operation; `BREAKER_OPEN` while there is none. */
  admit(): Outcome<Permit>
  state(): BreakerState
  /** Undefined where there is nothing that a new breaker would not know too. */
  mark(): BreakerMark | undefined
}

export type BreakerOptions = {
  /** Never goes back. */
  readonly clock: Clock
  /** Consecutive failures that open it. */
  readonly failureThreshold?: number
  readonly openMs?: number
  readonly maxOpenMs?: number
  /** Time closed without a failure after which the grown open time is forgotten. */
  readonly recoveryMs?: number
  readonly halfOpenProbes?: number
  /** It also opens at these shares of at least `minCalls` operations that ended within the window. */
  readonly windowMs?: number
  readonly minCalls?: number
  readonly failureShare?: number
  readonly slowShare?: number
  /** An operation that took longer is slow. */
  readonly slowMs?: number
  /** A mark of a breaker that was here before; a probe that was under way then is made again. */
  readonly from?: BreakerMark | undefined
  readonly onChange?: ((to: BreakerState, from: BreakerState) => void) | undefined
}

type Call = { readonly at: number; readonly failed: boolean; readonly slow: boolean }

const share = (calls: readonly Call[], what: (call: Call) => boolean): number =>
  calls.filter(what).length / calls.length

/**
 * @example
 * const permit = unwrap(circuitBreaker({ clock }).admit())
 * permit.settle('succeeded')
 */
export function circuitBreaker(options: BreakerOptions): Breaker {
  const { clock, from: before, onChange } = options
  const { failureThreshold = 5, openMs = 60_000, maxOpenMs = 300_000, recoveryMs = 300_000 } = options
  const { halfOpenProbes = 1, windowMs = 30_000, minCalls = 10, failureShare = 0.5 } = options
  const { slowShare = 0.8, slowMs = 5_000 } = options
  let state: BreakerState = (before?.openForMs ?? null) === null ? 'closed' : 'open'
  /** Counts changes of state: permits of an earlier one are void. */
  let era = 0
  let consecutive = before?.failures ?? 0
  let recent: Call[] = []
  let openings = before?.openings ?? 0
  let openUntil = clock.now() + Math.min(maxOpenMs, before?.openForMs ?? 0)
  let quietSince = clock.now() - (before?.quietForMs ?? 0)
  let probes = 0

  const become = (to: BreakerState): void => {
    const from = state
    state = to
    era++
    consecutive = 0
    recent = []
    probes = 0
    onChange?.(to, from)
  }
  const open = (now: number): void => {
    openUntil = now + Math.min(maxOpenMs, openMs * 2 ** openings)
    openings++
    become('open')
  }
  const failing = (): boolean =>
    consecutive >= failureThreshold ||
    (recent.length >= minCalls &&
      (share(recent, ({ failed }) => failed) >= failureShare || share(recent, ({ slow }) => slow) >= slowShare))

  const settle = (how: Settlement, began: number): void => {
    const now = clock.now()
    if (state === 'halfOpen') {
      probes--
      if (how === 'failed') open(now)
      if (how !== 'succeeded') return
      quietSince = now
      become('closed')
      return
    }
    if (how === 'cancelled') return
    if (how === 'failed') {
      if (now - quietSince >= recoveryMs) openings = 0
      quietSince = now
    }
    consecutive = how === 'failed' ? consecutive + 1 : 0
    recent = recent.filter(({ at }) => at > now - windowMs)
    recent.push({ at: now, failed: how === 'failed', slow: now - began > slowMs })
    if (failing()) open(now)
  }

  return {
    state: () => state,
    mark() {
      const now = clock.now()
      if (state === 'closed' && consecutive === 0 && (openings === 0 || now - quietSince >= recoveryMs))
        return undefined
      const openForMs = state === 'closed' ? null : Math.max(0, openUntil - now)
      return { openForMs, openings, failures: consecutive, quietForMs: now - quietSince }
    },
    admit() {
      const now = clock.now()
      if (state === 'open' && now >= openUntil) become('halfOpen')
      if (state === 'open' || (state === 'halfOpen' && probes >= halfOpenProbes)) {
        const seconds = Math.max(0, Math.ceil((openUntil - now) / 1000))
        return refused('BREAKER_OPEN', `failed too often; left alone for ${seconds} s more`, {
          fix: 'wait; it is tried again by itself',
        })
      }
      if (state === 'halfOpen') probes++
      const mine = era
      let settled = false
      return accepted({
        settle(how) {
          if (settled || mine !== era) return
          settled = true
          settle(how, now)
        },
      })
    },
  }
}
