// The catalogue of imported series: facts about stored bars, kept beside them.

import type { DataSource, Provenance } from '../market/bar.ts'

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
}

export interface DataSets {
  /** Saving a known hash again changes nothing. */
  save(set: DataSet): Promise<void>
  /** Newest last. */
  list(): Promise<readonly DataSet[]>
}
