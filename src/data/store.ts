// Stored bars as a port: immutable monthly partitions, each known by its hash, and snapshots that name sets of them (DATA-05).

import { sha256 } from '../base/hash.ts'
import type { Bar, BarSeries } from '../market/bar.ts'

export type Partition = { readonly month: string; readonly sha256: string; readonly rows: number }

export type Snapshot = {
  readonly symbol: string
  readonly barMs: number
  /** SHA-256 over the sorted partition hashes. */
  readonly snapshotId: string
  readonly partitions: readonly Partition[]
  readonly provenance: BarSeries['provenance']
  readonly source: BarSeries['source']
  readonly hasVolume: boolean
}

export type SeriesFacts = Omit<BarSeries, 'bars' | 'snapshotId'>

export interface BarStore {
  /** Writes what is not there yet; a snapshot is visible only when every partition is durable. */
  save(series: SeriesFacts, bars: readonly Bar[]): Promise<Snapshot>
  /** Faults: `DATA_SNAPSHOT_UNKNOWN`, `DATA_PARTITION_CORRUPT` (a partition no longer has its hash). */
  load(snapshot: Snapshot): Promise<BarSeries>
  list(): Promise<readonly Snapshot[]>
  /** Forgets a snapshot and the partitions that no other one names. */
  remove(snapshot: Snapshot): Promise<void>
}

export function snapshotIdOf(partitions: readonly Partition[]): string {
  return sha256(
    partitions
      .map(partition => partition.sha256)
      .sort()
      .join('\n'),
  )
}

export function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7)
}
