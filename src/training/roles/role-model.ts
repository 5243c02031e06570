// A fitted role: raw columns in, its output out, and the parts that its graph is assembled from.

import type { Exportable } from '../../models/graph.ts'

export type RoleModel = {
  /** Its kind in the catalogue of models: what was fitted, which the graph's metadata states (EXPORT-01). */
  readonly zooId: string
  /** Columns of the input. */
  readonly width: number
  readonly outputs: number
  /** Raw rows to outputs: the same arithmetic as the graph, to float32 rounding. */
  predict(rows: Float32Array, count: number): Float32Array
  /** What the first model after the prelude reads of raw rows. */
  readonly mapped: (rows: Float32Array, count: number) => Float32Array
  readonly parts: readonly Exportable[]
  /** A constant in place of a model that was not worth its risk: exempt from the gate against constant answers. */
  readonly baseline: boolean
}
