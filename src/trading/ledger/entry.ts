// An entry of the multiplicity ledger, chained by hash to the one before: no byte of it can be changed, and none left out, unseen.

import { canonicalJson } from '../../base/canonical-json.ts'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'

export const LEDGER_KINDS = [
  /** A configuration that was never evaluated for this hypothesis before. */
  'configuration',
  /** One evaluation of a search. */
  'trial',
  /** An evaluation that an agent asked for. */
  'agent',
  /** An evaluation of a known configuration on data it was evaluated on before. */
  'rerun',
  /** The same configuration on newer data (LEDGER-04). */
  'look',
  /** The holdout was read (SPLIT-04). */
  'holdout',
  /** A release asked for its level of significance, and what came of it. */
  'test',
] as const

export type LedgerKind = (typeof LEDGER_KINDS)[number]

/** Each of these is one more try at the same question; the others are not. */
export const COUNTED: ReadonlySet<LedgerKind> = new Set<LedgerKind>(['configuration', 'trial', 'agent', 'rerun'])

export type LedgerDraft = {
  /** Names the act: what is entered again under its key is the same act, and is not entered twice. */
  readonly key: string
  /** ms UTC. */
  readonly at: number
  readonly kind: LedgerKind
  /** `hypothesisId`. */
  readonly hypothesis: string
  /** For people: role and symbol of the hypothesis. */
  readonly subject: string
  /** Who did it: the run, the slot or the command. */
  readonly actor: string
  readonly configSha256: string
  readonly snapshotId: string
  /** Nothing known later was used, ms UTC. */
  readonly until: number
  /** JSON of what was found; null where nothing is kept. */
  readonly body: string | null
}

export type LedgerEntry = LedgerDraft & {
  /** 1, 2, 3, ... over all hypotheses. */
  readonly seq: number
  readonly prevHash: string
  /** SHA-256 of the canonical JSON of all other fields. */
  readonly hash: string
}

export const LEDGER_ROOT = '0'.repeat(64)

const hashOf = (entry: Omit<LedgerEntry, 'hash'> & { readonly hash?: string }): string =>
  sha256(canonicalJson({ ...entry, hash: undefined }))

/** The draft as the entry that follows `last`; undefined begins a ledger. */
export function nextEntry(last: Pick<LedgerEntry, 'seq' | 'hash'> | undefined, draft: LedgerDraft): LedgerEntry {
  const entry = {
    key: draft.key,
    at: draft.at,
    kind: draft.kind,
    hypothesis: draft.hypothesis,
    subject: draft.subject,
    actor: draft.actor,
    configSha256: draft.configSha256,
    snapshotId: draft.snapshotId,
    until: draft.until,
    body: draft.body,
    seq: (last?.seq ?? 0) + 1,
    prevHash: last?.hash ?? LEDGER_ROOT,
  }
  return { ...entry, hash: hashOf(entry) }
}

/**
 * @param entries all of them, in order
 * @throws Fault `LEDGER_BROKEN` naming the first entry that is not the one that was made
 */
export function verifyLedger(entries: readonly LedgerEntry[]): void {
  let previous: LedgerEntry | undefined
  for (const [index, entry] of entries.entries()) {
    const wrong =
      entry.seq !== index + 1
        ? `has seq ${entry.seq} in place ${index + 1}`
        : entry.prevHash !== (previous?.hash ?? LEDGER_ROOT)
          ? 'does not follow the one before'
          : entry.hash !== hashOf(entry)
            ? 'was changed'
            : undefined
    if (wrong !== undefined) {
      throw new Fault('LEDGER_BROKEN', `ledger entry ${index + 1} ${wrong}`, {
        place: `ledger:${index + 1}`,
        fix: 'restore the database from a verified backup',
      })
    }
    previous = entry
  }
}
