// How a configuration stands that is about to be evaluated: which kind of entry it makes, and what was tried before it.

import { COUNTED, type LedgerEntry, type LedgerKind } from './entry.ts'
import { resultsOf, type TrialResults } from './results.ts'

/** An evaluation, as the ledger asks about it. */
export type Asked = {
  readonly key: string
  readonly configSha256: string
  readonly until: number
}

/**
 * The kind of entry an evaluation makes that nobody called a trial: a configuration that is new to the hypothesis, a look where it is
 * known and all it was evaluated on is older, a re-run where it is not.
 */
export function kindOf(before: readonly LedgerEntry[], { configSha256, until }: Asked): LedgerKind {
  const own = before.filter(({ kind, configSha256: other }) => isEvaluation(kind) && other === configSha256)
  if (own.length === 0) return 'configuration'
  return own.every(entry => entry.until < until) ? 'look' : 'rerun'
}

const isEvaluation = (kind: LedgerKind): boolean => COUNTED.has(kind) || kind === 'look'

/** What was entered before a key, or all of it where the key is new: an act that is done again sees what it saw the first time. */
export function entriesBefore(entries: readonly LedgerEntry[], key: string): readonly LedgerEntry[] {
  const own = entries.findIndex(entry => entry.key === key)
  return own < 0 ? entries : entries.slice(0, own)
}

export type Standing = {
  readonly kind: LedgerKind
  /** Configurations evaluated for the hypothesis, this one included. */
  readonly trials: number
  /** Refits of known configurations on newer data, this one included. */
  readonly looks: number
  /** How often its holdout was read, this time included. */
  readonly holdoutViews: number
  /** Of the others that were tried, where they had enough. */
  readonly others: readonly TrialResults[]
}

/**
 * @param entries of the hypothesis
 * @example
 * standingOf([], { key: 'run-1/meta', configSha256: '…', until: 0 }) // { kind: 'configuration', trials: 1, looks: 0, holdoutViews: 1, others: [] }
 */
export function standingOf(entries: readonly LedgerEntry[], asked: Asked, given?: LedgerKind): Standing {
  const before = entriesBefore(entries, asked.key)
  const kind = given ?? kindOf(before, asked)
  const tried = before.filter(entry => COUNTED.has(entry.kind))
  // A look repeats a configuration that was counted: its newer results stand in the place of its older ones.
  const others = kind === 'look' ? tried.filter(entry => entry.configSha256 !== asked.configSha256) : tried
  return {
    kind,
    trials: tried.length + (COUNTED.has(kind) ? 1 : 0),
    looks: before.filter(entry => entry.kind === 'look').length + (kind === 'look' ? 1 : 0),
    holdoutViews: before.filter(entry => entry.kind === 'holdout').length + 1,
    others: others.flatMap(({ body }) => resultsOf(body) ?? []),
  }
}
