// When the front contract changes: the first of the calendar's day and of two sessions in which the next one trades more (DATA-10, INS-02).

import { Fault } from '../base/fault.ts'
import { type Contract, nextContract, rollDateOf } from '../market/contract.ts'

export type ContractSession = {
  /** Trade date `YYYY-MM-DD`. */
  readonly date: string
  readonly volume: number
}

export type ContractSessions = { readonly contract: Contract; readonly sessions: readonly ContractSession[] }

export type Holding = {
  readonly contract: Contract
  /** First trade date on which it is the front contract. */
  readonly from: string
  /** Why it is: the first one, the volume of two sessions before, or the calendar. */
  readonly cause: 'first' | 'volume' | 'calendar'
}

/** Sessions in a row in which the next contract must lead. */
const LEAD_SESSIONS = 2

/**
 * Each decision knows only sessions that were over. The last contract is the front one until its own calendar day, whatever comes then.
 * Fault: `DATA_CONTRACT_MISSING` where a contract between two others is not there.
 */
export function rollSchedule(contracts: readonly ContractSessions[]): readonly Holding[] {
  const byCode = new Map(contracts.map(one => [one.contract.code, one]))
  const sorted = contracts.toSorted((a, b) => (rollDateOf(a.contract) < rollDateOf(b.contract) ? -1 : 1))
  const [first] = sorted
  if (first?.sessions[0] === undefined) return []
  const holdings: Holding[] = [{ contract: first.contract, from: first.sessions[0].date, cause: 'first' }]
  for (;;) {
    const held = holdings.at(-1)!
    const next = nextContract(held.contract)
    const found = takeOver(held, byCode.get(held.contract.code)!.sessions, byCode.get(next.code)?.sessions ?? [])
    if (found === undefined) {
      if (sorted.some(({ contract }) => rollDateOf(contract) > rollDateOf(next))) throw missing(held.contract, next)
      return holdings
    }
    holdings.push({ contract: next, ...found })
  }
}

function takeOver(
  { contract, from }: Holding,
  own: readonly ContractSession[],
  next: readonly ContractSession[],
): Omit<Holding, 'contract'> | undefined {
  const volume = new Map(own.map(session => [session.date, session.volume]))
  const deadline = rollDateOf(contract)
  let lead = 0
  for (const session of next) {
    if (session.date < from) continue
    // What this session's volume is, its own first trade does not know.
    if (lead >= LEAD_SESSIONS) return { from: session.date, cause: 'volume' }
    if (session.date >= deadline) return { from: session.date, cause: 'calendar' }
    const held = volume.get(session.date)
    lead = held !== undefined && session.volume > held ? lead + 1 : 0
  }
  return undefined
}

const missing = (held: Contract, next: Contract): Fault =>
  new Fault('DATA_CONTRACT_MISSING', `${held.code} ends and there are no bars of ${next.code} to go on with`, {
    place: next.code,
    fix: `import them: ratchet data import FILE --contract ${next.code}`,
  })
