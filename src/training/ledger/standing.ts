// How a configuration stands that is about to be evaluated: which kind of entry it makes, and what was tried before it.

import { COUNTED, type LedgerEntry, type LedgerKind } from '../../trading/ledger/entry.ts'
import { resultsOf, type TrialResults } from './results.ts'

/** An evaluation, as the ledger asks about it. */
export type Asked = {
  /** What its keys begin with. */
  readonly act: string
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

/** The key of one of the entries that an act makes. */
export const keyOf = (act: string, part: string): string => `${act}/${part}`

const isOf = (key: string, act: string): boolean => key.startsWith(keyOf(act, ''))

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
 * An act that is done again, after a kill or by asking twice for the same, stands where it stood the first time: the same release comes of
 * it, and nothing is counted twice.
 *
 * @param entries of the hypothesis
 * @param given the kind, where the caller knows better than the entries: a search calls its evaluations trials
 * @example
 * standingOf([], { act: 'run-1', configSha256: '…', until: 0 }) // { kind: 'configuration', trials: 1, looks: 0, holdoutViews: 1, others: [] }
 */
export function standingOf(entries: readonly LedgerEntry[], asked: Asked, given?: LedgerKind): Standing {
  const own = entries.findIndex(({ key }) => isOf(key, asked.act))
  const before = own < 0 ? entries : entries.slice(0, own)
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
