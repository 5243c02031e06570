// What was tried so far, as people ask about it: by hypothesis, entry by entry, and whether the chain is whole (LEDGER-01).

import { Fault } from '../base/fault.ts'
import { COUNTED, type LedgerEntry, type LedgerKind, verifyLedger } from '../trading/ledger/entry.ts'
import type { Ledger } from '../trading/ledger/ledger.ts'

export type TriedHypothesis = {
  readonly hypothesis: string
  /** Role and symbol. */
  readonly subject: string
  /** ms UTC. */
  readonly firstAt: number
  readonly lastAt: number
  /** Configurations evaluated: each is one more try at the same question. */
  readonly trials: number
  /** Refits of known configurations on newer data. */
  readonly looks: number
  /** How often the holdout was read. */
  readonly holdoutViews: number
  readonly entries: number
}

const countOf = (entries: readonly LedgerEntry[], is: (kind: LedgerKind) => boolean): number =>
  entries.reduce((sum, { kind }) => sum + (is(kind) ? 1 : 0), 0)

function triedOf(hypothesis: string, own: readonly LedgerEntry[]): TriedHypothesis {
  return {
    hypothesis,
    subject: own[0]!.subject,
    firstAt: own[0]!.at,
    lastAt: own.at(-1)!.at,
    trials: countOf(own, kind => COUNTED.has(kind)),
    looks: countOf(own, kind => kind === 'look'),
    holdoutViews: countOf(own, kind => kind === 'holdout'),
    entries: own.length,
  }
}

/** In order of their first entries. */
export async function triedHypotheses(ledger: Ledger): Promise<TriedHypothesis[]> {
  const groups = Map.groupBy(await ledger.entries(), ({ hypothesis }) => hypothesis)
  return [...groups].map(([hypothesis, own]) => triedOf(hypothesis, own))
}

/**
 * @param name a hypothesis or the beginning of it, four digits or more
 * Faults: `LEDGER_UNKNOWN`, `LEDGER_AMBIGUOUS`
 */
export async function entriesOf(
  name: string,
  ledger: Ledger,
): Promise<TriedHypothesis & { readonly list: readonly LedgerEntry[] }> {
  const known = await triedHypotheses(ledger)
  const found = /^[0-9a-f]{4,64}$/.test(name) ? known.filter(({ hypothesis }) => hypothesis.startsWith(name)) : []
  const [first] = found
  if (first === undefined) {
    throw new Fault('LEDGER_UNKNOWN', `no hypothesis ${name} is in the ledger`, {
      fix: 'list what there is: ratchet ledger list',
    })
  }
  if (found.length > 1) {
    throw new Fault('LEDGER_AMBIGUOUS', `${found.length} hypotheses begin with ${name}`, { fix: 'give more of it' })
  }
  return { ...first, list: await ledger.entries(first.hypothesis) }
}

export type VerifiedLedger = {
  readonly entries: number
  /** Hash of the newest entry, which stands for all of them; null where there is none. */
  readonly head: string | null
}

/** Fault: `LEDGER_BROKEN` naming the first entry that is not the one that was made. */
export async function verifiedLedger(ledger: Ledger): Promise<VerifiedLedger> {
  const entries = await ledger.entries()
  verifyLedger(entries)
  return { entries: entries.length, head: entries.at(-1)?.hash ?? null }
}
