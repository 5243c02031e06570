// Faults and outcomes as messages, and back.

import { accepted, Fault, type Outcome, refused } from '../../base/fault.ts'
import type { WireFault, WireOutcome } from './message.ts'

export const wireFault = ({ code, message, place, fix }: Fault): WireFault => ({ code, sentence: message, place, fix })

export function faultOf({ code, sentence, place, fix }: WireFault): Fault {
  return new Fault(code, sentence, {
    ...(place === undefined ? {} : { place }),
    ...(fix === undefined ? {} : { fix }),
  })
}

export const wireOutcome = (outcome: Outcome<string>): WireOutcome =>
  outcome.ok ? outcome : { ok: false, fault: wireFault(outcome.fault) }

export function outcomeOf(outcome: WireOutcome): Outcome<string> {
  if (outcome.ok) return accepted(outcome.value)
  const { code, sentence, place, fix } = outcome.fault
  return refused(code, sentence, {
    ...(place === undefined ? {} : { place }),
    ...(fix === undefined ? {} : { fix }),
  })
}
