// Which request is worked on next when there are more than can be answered at once: one is let in when nothing new comes in, and
// what stops trading does not stand in the queue at all. What the queue cannot hold is refused at once, so that whoever was let in is answered in time
// (API-05, case 163).

import type { Clock } from '../base/clock.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { Timer } from '../base/timer.ts'

/** Called once, when the request is answered or gone. */
export type Leave = () => void

export interface Admission {
  /** Waits for its turn. Fault: `OVERLOADED` where too many wait, or where this one waited too long to be of use. */
  enter(): Promise<Outcome<Leave>>
  /** Something came in that may become a request: a connection. */
  arrived(): void
}

export type AdmissionOptions = {
  readonly clock: Clock
  readonly timer: Timer
  /** Most requests that are worked on at once: those that wait for the loop count, streams do not. */
  readonly active: number
  /** Most that wait for their turn. */
  readonly queued: number
  /** Longest wait for a turn. */
  readonly waitMs: number
}

/** Turns of the event loop that are given to what comes in before the next one is let in: each takes one new connection. */
const LISTENING = 64

type Waiting = { readonly since: number; readonly go: (outcome: Outcome<Leave>) => void }

const overloaded = (why: string): Outcome<Leave> =>
  refused('OVERLOADED', `more is asked than can be answered: ${why}`, { fix: 'ask again in a second' })

/**
 * @example
 * const outcome = await admission({ clock, timer, active: 64, queued: 64, waitMs: 3000 }).enter()
 * if (outcome.ok) outcome.value() // answered
 */
export function admission({ clock, timer, active: most, queued, waitMs }: AdmissionOptions): Admission {
  const waiting: Waiting[] = []
  let active = 0
  let arrivals = 0
  let turning = false

  const turn = async (): Promise<void> => {
    turning = true
    // The end of the turn in which the request came: nothing new can have come since.
    await timer.sleep(0)
    while (waiting.length > 0 && active < most) {
      await listened()
      const next = waiting.shift()!
      const late = clock.now() - next.since > waitMs
      if (!late) active++
      next.go(late ? overloaded(`it waited longer than ${waitMs / 1000} s`) : accepted(leaver()))
    }
    turning = false
  }
  /** What has come in meanwhile is looked at first: a kill among it is answered now, not behind the queue. */
  const listened = async (): Promise<void> => {
    for (let turns = 0; turns < LISTENING; turns++) {
      const before = arrivals
      await timer.sleep(0)
      if (arrivals === before) return
    }
  }
  const leaver = (): Leave => {
    let left = false
    return () => {
      if (left) return
      left = true
      active--
      if (!turning) void turn()
    }
  }

  return {
    arrived: () => void arrivals++,
    enter() {
      arrivals++
      if (waiting.length >= queued) return Promise.resolve(overloaded(`${queued} requests wait already`))
      const { promise, resolve: go } = Promise.withResolvers<Outcome<Leave>>()
      waiting.push({ since: clock.now(), go })
      if (!turning) void turn()
      return promise
    },
  }
}
