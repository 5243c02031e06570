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

/** Bars of one month, in the order of time. */
export type MonthBars = { readonly month: string; readonly bars: readonly Bar[] }

export type SeriesFacts = Omit<BarSeries, 'bars' | 'snapshotId'>

export interface BarStore {
  /** Writes what is not there yet; a snapshot is visible only when every partition is durable. */
  save(series: SeriesFacts, bars: readonly Bar[]): Promise<Snapshot>
  /** Writes months that nobody sees yet; a partition that is stored already stands as it is. */
  writeMonths(
    series: Pick<SeriesFacts, 'symbol' | 'barMs'>,
    months: AsyncIterable<MonthBars | Partition>,
  ): Promise<readonly Partition[]>
  /** Makes a snapshot of written months. */
  publish(series: SeriesFacts, partitions: readonly Partition[]): Promise<Snapshot>
  /** One month of a snapshot. Faults: those of `load`. */
  loadMonth(snapshot: Snapshot, partition: Partition): Promise<readonly Bar[]>
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

/** Bars of a series by month. */
export async function* byMonth(bars: readonly Bar[]): AsyncGenerator<MonthBars> {
  for (const [month, list] of Map.groupBy(bars, ({ time }) => monthOf(time))) yield { month, bars: list }
}

export function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7)
}
