// Fitted roles as ONNX files: one graph a role with all that a reader must know in its metadata (EXPORT-01).

import { type FeatureSchema, featureSchemaHash } from '../market/feature-schema.ts'
import { META_COLUMNS } from '../market/roles.ts'
import { assembleGraph } from '../models/graph.ts'
import { encodeModel } from '../onnx/encode.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { ROLE_OUTPUTS, type StandardRole } from '../release/release.ts'
import type { Dataset } from './dataset.ts'
import type { Threshold } from './parity-vectors.ts'
import type { RoleModel } from './roles/role-model.ts'
import type { SeriesFacts } from './run.ts'

const UNITS: Readonly<Record<StandardRole, string>> = { meta: 'probability', execution: 'R', rl_sizer: 'multiplier' }

/** Bit i: some row the models learned from had the source of column i. A live row must have it too (FEAT-03). */
export function trainedMask({ table, rows }: Dataset): number {
  let mask = 0
  for (const row of rows) mask |= table.mask[row]!
  return mask & (2 ** META_COLUMNS.length - 1)
}

export type GraphInput = {
  readonly role: StandardRole
  readonly model: RoleModel
  readonly data: Dataset
  readonly schema: FeatureSchema
  readonly series: SeriesFacts
  readonly jobId: string
}

export function roleGraph({ role, model, data, schema, series, jobId }: GraphInput): {
  graph: OnnxModel
  bytes: Uint8Array
} {
  const graph = assembleGraph({
    name: role,
    width: model.width,
    output: ROLE_OUTPUTS[role],
    parts: model.parts,
    metadata: {
      zooId: model.zooId,
      role,
      baseline: String(model.baseline),
      symbol: series.symbol,
      schemaSha256: featureSchemaHash(schema),
      featureMask: String(trainedMask(data)),
      snapshotId: series.snapshotId,
      runId: jobId,
      classes: role === 'meta' ? data.classes.join(',') : '',
      unit: UNITS[role],
      provenance: series.provenance,
    },
  })
  return { graph, bytes: encodeModel(graph) }
}

/** Every split of the graph's trees; none where it has no trees. */
export function thresholdsOf({ nodes }: OnnxModel): Threshold[] {
  return nodes.flatMap(({ opType, attributes }) => {
    const { nodes_modes: modes, nodes_featureids: columns, nodes_values: values } = attributes
    if (opType !== 'TreeEnsembleRegressor') return []
    if (modes?.kind !== 'strings' || columns?.kind !== 'ints' || values?.kind !== 'floats') return []
    return modes.value.flatMap((mode, at) =>
      mode === 'LEAF' ? [] : [{ column: Number(columns.value[at]), value: values.value[at]! }],
    )
  })
}
