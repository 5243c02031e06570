// Stored economic series as a port: every fetched version stays, the newest is found by its id.

import type { MacroSeries } from './macro.ts'

export type MacroVersion = {
  readonly id: string
  /** SHA-256 of the stored bytes. */
  readonly hash: string
  readonly title: string
  readonly vintages: boolean
  readonly revisions: number
  /** Moment of the last poll, ms UTC. */
  readonly polledAt: number
  readonly lineage: { readonly path: string; readonly sha256: string }
}

export interface MacroStore {
  /** An unchanged series only moves `polledAt`. */
  save(series: MacroSeries, poll: Pick<MacroVersion, 'polledAt' | 'lineage'>): Promise<MacroVersion>
  /** The newest version. Faults: `DATA_NONE_STORED`, `DATA_SERIES_CORRUPT`. */
  load(id: string): Promise<MacroSeries>
  /** Newest versions, by id. */
  list(): Promise<readonly MacroVersion[]>
}
