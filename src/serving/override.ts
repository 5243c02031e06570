// Which gate's no a person may set aside, and what that looks like in the report (SRV-20, row G7). Trust, structure, schema, shapes and
// parity are facts about the bytes; what they refuse nobody installs.

import { accepted, type Outcome, refused } from '../base/fault.ts'

export const OVERRIDABLE: readonly string[] = ['G7']

export type Override = {
  readonly gates: readonly string[]
  readonly by: string
  readonly reason: string
}

/** Refusal `GATE_FINAL` naming the first gate that nobody may set aside. */
export function overrideOf(gates: readonly string[], by: string, reason: string): Outcome<Override | undefined> {
  const final = gates.find(gate => !OVERRIDABLE.includes(gate))
  if (final !== undefined) {
    return refused('GATE_FINAL', `what ${final} says cannot be set aside`, {
      place: final,
      fix: `only ${OVERRIDABLE.join(', ')} can; train a release that passes`,
    })
  }
  return accepted(gates.length === 0 ? undefined : { gates, by, reason })
}
