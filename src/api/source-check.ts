// Whether the source of releases answers: the loop asks it, with a limit, and the answer holds for a minute (OBS-03).

import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { Fault, type Outcome } from '../base/fault.ts'
import type { Timer } from '../base/timer.ts'
import type { RunControl } from '../loop/run-control.ts'

export type SourceCheckOptions = {
  readonly control: Pick<RunControl, 'send'>
  readonly clock: Clock
  readonly timer: Timer
  readonly waitMs?: number
  readonly keepMs?: number
}

export type SourceCheck = () => Promise<Outcome<string>>

/**
 * Refusals: `NOT_RUNNING`, `RUN_ENDED`, `NO_SOURCES` of a replay, `SOURCE_SLOW`, and those of the source.
 *
 * @example await sourceCheck({ control, clock, timer })() // asked once, however often it is called within a minute
 */
export function sourceCheck({
  control,
  clock,
  timer,
  waitMs = 10_000,
  keepMs = 60_000,
}: SourceCheckOptions): SourceCheck {
  let known: { readonly at: number; readonly answer: Promise<Outcome<string>> } | undefined
  const { signal } = new AbortController()
  const late = () => new Fault('SOURCE_SLOW', `it did not answer within ${waitMs / 1000} s`)
  const ask = async (): Promise<Outcome<string>> => {
    try {
      return await withDeadline(() => control.send({ type: 'askSources' }), { ms: waitMs, timer, signal, late })
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      return { ok: false, fault: cause }
    }
  }
  return () => {
    const now = clock.now()
    if (known === undefined || now - known.at >= keepMs || now < known.at) known = { at: now, answer: ask() }
    return known.answer
  }
}
