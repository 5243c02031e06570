// The catalogue of imported series: facts about stored bars, kept beside them.

import type { DataSource, Provenance } from '../market/bar.ts'
import type { Partition } from './store.ts'

export type DataSet = {
  /** Snapshot id. */
  readonly hash: string
  readonly symbol: string
  readonly barMs: number
  readonly firstTime: number
  readonly lastTime: number
  readonly rows: number
  readonly provenance: Provenance
  readonly source: DataSource
  readonly file: string
  /** The import report as canonical JSON. */
  readonly report: string
  readonly createdAt: number
  /** When it became the series in use, ms UTC; the newest of a symbol and bar length is. Null: a snapshot of something else. */
  readonly headAt: number | null
}

export interface DataSets {
  /** Saving a known hash again changes nothing, but that it may become the series in use. */
  save(set: DataSet, partitions?: readonly Partition[]): Promise<void>
  /** Newest last. */
  list(): Promise<readonly DataSet[]>
  /** In order of months, as they were stored; empty where nobody wrote them down. */
  partitions(set: Pick<DataSet, 'hash' | 'symbol'>): Promise<readonly Partition[]>
}

/** The series in use of each symbol and bar length. */
export function heads(sets: readonly DataSet[]): readonly DataSet[] {
  const newest = new Map<string, DataSet>()
  for (const set of sets) {
    const key = `${set.symbol}/${set.barMs}`
    if (set.headAt !== null && set.headAt >= (newest.get(key)?.headAt ?? -Infinity)) newest.set(key, set)
  }
  return [...newest.values()]
}
