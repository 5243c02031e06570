// Which parameter of which strategy was changed when and why (SRV-77): what a change of results may be owed to beside a new model.

import { Fault } from '../base/fault.ts'

export type ParameterValue = number | string | boolean | null

export type ParameterChange = {
  /** ms UTC. */
  readonly at: number
  readonly strategyName: string
  readonly parameterName: string
  readonly oldValue: ParameterValue
  readonly newValue: ParameterValue
  readonly reason: string
  /** Net result owed to it, dollars; known later, if ever. */
  readonly outcomePnl?: number | undefined
  /** Whether it turned out to be right. */
  readonly wasCorrect?: boolean | undefined
  readonly marketSnapshotId?: string | undefined
}

export type StoredChange = ParameterChange & { readonly seq: number }

export type ChangeOutcome = { readonly outcomePnl: number; readonly wasCorrect: boolean }

/** Where changes are kept: lines are added, and their outcome once. */
export interface ParameterChangeStore {
  /** All or none; gives them with their numbers, which rise by one over all. */
  add(changes: readonly ParameterChange[]): Promise<readonly StoredChange[]>
  /** Newest first. */
  newest(limit: number): Promise<readonly StoredChange[]>
  /** In any case of letters, newest first. */
  ofStrategy(name: string, limit: number): Promise<readonly StoredChange[]>
  /** From `from` to before `to`, oldest first. */
  within(from: number, to: number): Promise<readonly StoredChange[]>
  /** False where there is no such change, or its outcome is known already. */
  settle(seq: number, outcome: ChangeOutcome): Promise<boolean>
}

export interface ParameterTracker {
  record(...changes: readonly ParameterChange[]): Promise<void>
  /** Newest first, from memory as far as that reaches. */
  recent(limit?: number): Promise<readonly StoredChange[]>
  ofStrategy(name: string, limit?: number): Promise<readonly StoredChange[]>
  /** What a canary, whose window this is, may owe its results to. */
  inWindow(from: number, to: number): Promise<readonly StoredChange[]>
  /** Fault `CHANGE_SETTLED` where it is not known or its outcome is. */
  settle(seq: number, outcome: ChangeOutcome): Promise<void>
}

/** How many stay in memory. */
export const REMEMBERED = 100

const DEFAULT_RECENT = 10

/**
 * @example
 * const tracker = await parameterTracker(store)
 * await tracker.record({ at, strategyName: 'Breakout', parameterName: 'lookback', oldValue: 20, newValue: 30, reason: 'tuned' })
 * ;(await tracker.recent())[0]?.newValue // 30
 */
export async function parameterTracker(store: ParameterChangeStore): Promise<ParameterTracker> {
  let remembered = await store.newest(REMEMBERED)
  return {
    async record(...changes) {
      if (changes.length === 0) return
      const added = await store.add(changes)
      remembered = [...added.toReversed(), ...remembered].slice(0, REMEMBERED)
    },
    recent: async (limit = DEFAULT_RECENT) => (limit <= REMEMBERED ? remembered.slice(0, limit) : store.newest(limit)),
    ofStrategy: (name, limit = REMEMBERED) => store.ofStrategy(name, limit),
    inWindow: (from, to) => store.within(from, to),
    async settle(seq, outcome) {
      if (!(await store.settle(seq, outcome))) {
        throw new Fault('CHANGE_SETTLED', `there is no change ${seq} whose outcome is open`, {
          fix: 'look at the recent changes',
        })
      }
      remembered = remembered.map(change => (change.seq === seq ? { ...change, ...outcome } : change))
    },
  }
}

type Parameters = Readonly<Record<string, ParameterValue>>

/**
 * What differs between two sets of parameters, by strategy and name in their order; one that is only on one side is null on the other.
 *
 * @example parameterDiff({ Breakout: { lookback: 20 } }, { Breakout: { lookback: 30 } }, { at, reason: 'tuned' }).length // 1
 */
export function parameterDiff(
  before: Readonly<Record<string, Parameters>>,
  after: Readonly<Record<string, Parameters>>,
  facts: Pick<ParameterChange, 'at' | 'reason' | 'marketSnapshotId'>,
): ParameterChange[] {
  const both = <T>(left: Readonly<Record<string, T>>, right: Readonly<Record<string, T>>): string[] =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return both(before, after).flatMap(strategyName => {
    const left = before[strategyName] ?? {}
    const right = after[strategyName] ?? {}
    return both(left, right).flatMap(parameterName => {
      const oldValue = left[parameterName] ?? null
      const newValue = right[parameterName] ?? null
      return oldValue === newValue ? [] : [{ ...facts, strategyName, parameterName, oldValue, newValue }]
    })
  })
}
