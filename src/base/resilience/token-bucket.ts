// A token bucket with a queue: in any time t at most burst + rate x t are let through, first come first served (RSL-04, REL-44).

import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Timer } from '../timer.ts'

export interface TokenBucket {
  /** Waits for a token. Aborted, it throws the reason and takes none. Fault: `RATE_QUEUE_FULL`. */
  take(signal?: AbortSignal): Promise<void>
  /** What a token was taken for cost the other side nothing. */
  giveBack(): void
  /** Nobody is let through for so long, as a server asked. */
  pause(ms: number): void
  /** How much longer such a pause lasts; 0 when there is none. */
  pausedMs(): number
}

export type TokenBucketOptions = {
  readonly clock: Clock
  readonly timer: Timer
  readonly perMinute: number
  readonly burst?: number
  readonly queueLimit?: number
}

type Waiter = { readonly grant: () => void }

/**
 * The generic cell rate algorithm (ITU-T I.371): one number says when the next token is due, so nothing adds up to a rounding error.
 *
 * @example await tokenBucket({ clock, timer, perMinute: 60 }).take(signal)
 */
export function tokenBucket(options: TokenBucketOptions): TokenBucket {
  const { clock, timer, perMinute, burst = 10, queueLimit = 1000 } = options
  const intervalMs = 60_000 / perMinute
  const queue: Waiter[] = []
  let sleeping: AbortController | undefined
  let last = clock.now()
  let elapsed = 0
  /** When the bucket will be full again, in `elapsed` time. */
  let fullAt = 0
  let pausedUntil = 0

  /** Time that only goes forward: a clock that was set back stands still here. */
  const now = (): number => {
    const seen = clock.now()
    elapsed += Math.max(0, seen - last)
    last = seen
    return elapsed
  }
  const waitMs = (): number => {
    const here = now()
    return Math.max(pausedUntil - here, fullAt - (burst - 1) * intervalMs - here)
  }
  const spend = (): void => {
    fullAt = Math.max(fullAt, now()) + intervalMs
  }

  /** One sleeper for the whole queue; called off when the queue empties. */
  async function serve(mine: AbortController): Promise<void> {
    try {
      while (queue.length > 0) {
        const wait = waitMs()
        if (wait > 0) await timer.sleep(Math.ceil(wait), mine.signal)
        else {
          spend()
          queue.shift()!.grant()
        }
      }
    } catch (cause) {
      if (!mine.signal.aborted) throw cause
    } finally {
      if (sleeping === mine) sleeping = undefined
    }
  }

  return {
    take(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      if (queue.length === 0 && waitMs() <= 0) {
        spend()
        return Promise.resolve()
      }
      if (queue.length >= queueLimit) {
        return Promise.reject(new Fault('RATE_QUEUE_FULL', `${queueLimit} requests wait already`, { fix: 'try later' }))
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.splice(queue.indexOf(waiter), 1)
          if (queue.length === 0) {
            sleeping?.abort(signal?.reason)
            sleeping = undefined
          }
          reject(signal?.reason as Error)
        }
        const grant = () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        }
        const waiter = { grant }
        signal?.addEventListener('abort', leave, { once: true })
        queue.push(waiter)
        if (sleeping === undefined) {
          sleeping = new AbortController()
          void serve(sleeping)
        }
      })
    },
    giveBack: () => void (fullAt -= intervalMs),
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms)
    },
    pausedMs: () => Math.max(0, pausedUntil - now()),
  }
}
