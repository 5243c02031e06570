// The running list of what a verification looked at, stopping at the first refusal.

import { Fault, type Outcome } from '../base/fault.ts'
import type { Check } from './policy.ts'

export type Checklist = {
  readonly checks: Check[]
  /** Notes a check and gives its value; a refusal is noted and thrown to the end of the verification. */
  take<T>(name: string, place: string, outcome: Outcome<T>, note?: string): T
  skip(name: string, place: string, note: string): void
  /** Notes a refusal that came about elsewhere. */
  refuse(name: string, fault: Fault): void
}

export function checklist(): Checklist {
  const checks: Check[] = []
  const refuse = (name: string, fault: Fault) => {
    checks.push({ name, place: fault.place ?? '', result: 'fail', note: fault.message })
  }
  return {
    checks,
    refuse,
    take(name, place, outcome, note) {
      if (outcome.ok) {
        checks.push({ name, place, result: 'pass', note })
        return outcome.value
      }
      const fault = outcome.fault.place === undefined ? placed(outcome.fault, place) : outcome.fault
      refuse(name, fault)
      throw fault
    },
    skip(name, place, note) {
      checks.push({ name, place, result: 'notApplicable', note })
    },
  }
}

const placed = (fault: Fault, place: string): Fault => new Fault(fault.code, fault.message, { place, cause: fault })
