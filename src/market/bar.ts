// Bars of one series, and when each may be acted on.

export type Provenance = 'real' | 'simulated'
export type DataSource =
  | 'polygon'
  | 'fred'
  | 'topstepx'
  | 'file'
  | 'internal_calculation'
  | 'model_output'
  | 'simulated'

export type Bar = {
  /** Start of the bar, ms UTC; of a daily bar its session label at 00:00Z (a label, not an instant). */
  readonly time: number
  /** When the bar is complete, ms UTC. Nothing may be decided on it before. */
  readonly knownAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** 0 throughout where the series has no volume. */
  readonly volume: number
}

export type BarSeries = {
  readonly symbol: string
  /** Length of a bar; 86,400,000 for daily bars. */
  readonly barMs: number
  /** False where volume is 0 throughout (FX, indices, mids). */
  readonly hasVolume: boolean
  readonly bars: readonly Bar[]
  /** SHA-256 over the partition hashes of the stored data that this series was read from. */
  readonly snapshotId: string
  readonly source: DataSource
  readonly provenance: Provenance
}

export const DAY_MS = 86_400_000

export function isDaily(barMs: number): boolean {
  return barMs >= DAY_MS
}
