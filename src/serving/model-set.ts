// The roles of one release that swap together, compiled and ready to decide. Made from verified bytes only.

import type { FeatureSchema } from '../market/feature-schema.ts'
import type { Evaluator } from '../onnx/model.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { Profile } from '../release/release.ts'

export type ModelSet = {
  readonly releaseId: string
  /** SHA-256 of the manifest bytes. */
  readonly digest: string
  readonly version: number
  readonly label: string
  readonly channel: string
  readonly profile: Profile
  readonly provenance: 'real' | 'simulated'
  /** Role -> its compiled graph. */
  readonly roles: ReadonlyMap<string, Evaluator>
  /** What `meta` chooses among, in the order of its probabilities. */
  readonly classes: readonly string[]
  /** Roles whose graph is a stand-in and not a trained model. */
  readonly baselineRoles: ReadonlySet<string>
  readonly features: FeatureSchema
  readonly evaluation: Evaluation
  /** ms UTC: the end of what the models were fitted on, the end of all data they were chosen by, and the embargo after both. */
  readonly windows: { readonly fitEnd: number; readonly dataEnd: number; readonly embargoMs: number }
}
