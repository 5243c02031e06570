// Parameter changes in memory: for tests, for a bot without a database, and as the model that the others are held against.

import type { ParameterChangeStore, StoredChange } from './parameter-changes.ts'

/** @example await memoryChanges().newest(10) // [] */
export function memoryChanges(): ParameterChangeStore {
  let changes: readonly StoredChange[] = []
  return {
    async add(added) {
      const stored = added.map((change, i) => ({ ...change, seq: changes.length + i + 1 }))
      changes = [...changes, ...stored]
      return stored
    },
    newest: async limit => changes.toReversed().slice(0, limit),
    ofStrategy: async (name, limit) =>
      changes
        .filter(({ strategyName }) => strategyName.toLowerCase() === name.toLowerCase())
        .toReversed()
        .slice(0, limit),
    within: async (from, to) =>
      changes.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at || a.seq - b.seq),
    async settle(seq, outcome) {
      const open = changes.some(change => change.seq === seq && change.wasCorrect === undefined)
      if (open) changes = changes.map(change => (change.seq === seq ? { ...change, ...outcome } : change))
      return open
    },
  }
}
