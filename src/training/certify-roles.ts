// From fitted roles to certified graphs: each is written, compiled from its own bytes, and held against the reference runtime.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fault, unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { EXECUTION_COLUMNS } from '../market/roles.ts'
import { decodeModel } from '../onnx/decode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { Evaluator } from '../onnx/model.ts'
import { ROLE_OUTPUTS, STANDARD_ROLES, type StandardRole } from '../release/release.ts'
import { candidatesOf, type Dataset } from './dataset.ts'
import { roleGraph, thresholdsOf } from './graphs.ts'
import type { TrainOptions } from './options.ts'
import { type Certified, type CertifiedRole, certify } from './parity.ts'
import { type ParityVectors, parityVectors } from './parity-vectors.ts'
import { metaRows } from './roles/forest.ts'
import type { RoleModel } from './roles/role-model.ts'
import type { SizerTrades } from './roles/sizer.ts'
import { gatherRows } from './rows.ts'
import type { TrainInput, TrainOutcome } from './run.ts'
import { treeInputs } from './tree-inputs.ts'

/** EXPORT-02 names the seed, so that anyone can draw the same vectors. */
const VECTOR_SEED = 42

export type CertifiedRoles = {
  readonly certified: Certified
  readonly graphs: ReadonlyMap<StandardRole, Uint8Array>
  readonly graphSignatures: Extract<TrainOutcome, { ok: true }>['graphSignatures']
}

/** Raw rows of a role: those it was judged on, and those it learned from. */
type Pools = Readonly<Record<StandardRole, { readonly validation: Float32Array; readonly training: Float32Array }>>

function poolsOf(data: Dataset, sizer: { readonly fit: SizerTrades; readonly holdout: SizerTrades }): Pools {
  const { fit, folds } = data.split
  const validate = Int32Array.from(folds.flatMap(fold => Array.from(fold.validate)))
  const execution = (events: Int32Array) => gatherRows(data.table, candidatesOf(data, events).rows, EXECUTION_COLUMNS)
  return {
    meta: { validation: metaRows(data, validate), training: metaRows(data, fit) },
    execution: { validation: execution(validate), training: execution(fit) },
    rl_sizer: { validation: sizer.holdout.inputs, training: sizer.fit.inputs },
  }
}

function refuseNonFinite(role: StandardRole, evaluator: Evaluator, { rows, count }: ParityVectors): void {
  if (evaluator.run(rows, count).every(Number.isFinite)) return
  throw new Fault('TRAIN_NONFINITE', `${role} answers some row with something that is not a number`)
}

/**
 * @param onRole awaited after each graph is made, for progress and cancelling
 * @throws Fault `EXPORT_PARITY`, `TRAIN_NONFINITE`, what decoding, compiling or the oracle refuse
 */
export async function certifyRoles(
  { schema, series, lineage, oracle }: TrainInput,
  { evidence }: TrainOptions,
  data: Dataset,
  models: Readonly<Record<StandardRole, RoleModel>>,
  sizer: { readonly fit: SizerTrades; readonly holdout: SizerTrades },
  onRole: () => Promise<void>,
): Promise<CertifiedRoles> {
  const pools = poolsOf(data, sizer)
  const roles: (CertifiedRole & { readonly opset: number })[] = []
  for (const role of STANDARD_ROLES) {
    const model = models[role]
    const { graph, bytes } = roleGraph({ role, model, data, schema, series, jobId: lineage.jobId })
    // Forests are large: others get their turn between the steps.
    await nextTurn()
    const decoded = unwrap(decodeModel(bytes))
    await nextTurn()
    const evaluator = unwrap(compileModel(decoded))
    const vectors = parityVectors(
      { columns: schema[role] ?? [], thresholds: thresholdsOf(graph), mapped: model.mapped, ...pools[role] },
      { rng: seededRng(VECTOR_SEED).fork(role), vectors: evidence.parityVectors, adjacent: evidence.parityAdjacent },
    )
    refuseNonFinite(role, evaluator, vectors)
    roles.push({ role, model: bytes, evaluator, vectors, opset: graph.opset, trees: treeInputs(graph) })
    await onRole()
  }
  const signature = (role: StandardRole, { width, outputs }: Evaluator) =>
    [role, { input: 'input', width, output: ROLE_OUTPUTS[role], outputs }] as const
  return {
    certified: await certify(roles, oracle, roles[0]?.opset ?? 0),
    graphs: new Map(roles.map(({ role, model }) => [role, model])),
    graphSignatures: Object.fromEntries(
      roles.map(({ role, evaluator }) => signature(role, evaluator)),
    ) as CertifiedRoles['graphSignatures'],
  }
}
