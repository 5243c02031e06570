// Whether a decision can be made again: the models that were in charge, asked once more with the features they saw, give the same numbers
// bit for bit (SRV-76).

import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS } from '../../market/roles.ts'
import { modelRole } from '../../release/limits.ts'
import type { VerifiedRelease } from '../../release/release.ts'
import type { ModelSet } from '../../serving/model-set.ts'
import type { DecisionRecord } from '../../trading/decision.ts'
import type { SeenRows } from './feature-values.ts'

export type ModelDigest = { readonly role: string; readonly sha256: string; readonly baseline: boolean }

export type RoleProof = {
  readonly role: string
  /** As the record has it. */
  readonly recorded: readonly number[]
  /** As the models say now. */
  readonly again: readonly number[]
  readonly same: boolean
}

export type DecisionProof = {
  readonly models: readonly ModelDigest[]
  /** Roles that were asked, in their order. */
  readonly roles: readonly RoleProof[]
  /** Null where there was nothing to ask again, or it cannot be asked: `reason` says which. */
  readonly reproduced: boolean | null
  readonly reason: string | null
}

const pick = (row: Float32Array, columns: readonly number[], more: readonly number[] = []): Float32Array =>
  Float32Array.of(...columns.map(column => row[column]!), ...more)

/** Digests of the graphs by role, as the signed manifest lists them. */
export function modelDigests({ manifest }: Pick<VerifiedRelease, 'manifest'>, set: ModelSet): ModelDigest[] {
  return manifest.members.flatMap(({ name, sha256 }) => {
    const role = modelRole(name)
    return role === undefined ? [] : [{ role, sha256, baseline: set.baselineRoles.has(role) }]
  })
}

function asked(set: ModelSet, role: string, row: Float32Array, recorded: readonly number[]): RoleProof {
  const evaluator = set.roles.get(role)
  const again = evaluator === undefined ? [] : Array.from(evaluator.run(row, 1).subarray(0, evaluator.outputs))
  const same = again.length === recorded.length && again.every((value, i) => Object.is(value, recorded[i]))
  return { role, recorded, again, same }
}

/** Asks each role that the record has an answer of. */
export function roleProofs(record: DecisionRecord, seen: SeenRows, set: ModelSet): RoleProof[] {
  const { probabilities, expectedR, sizer } = record
  const proofs: RoleProof[] = []
  if (probabilities.length > 0) proofs.push(asked(set, 'meta', pick(seen.strongest, META_COLUMNS), probabilities))
  if (seen.chosen === undefined) return proofs
  if (expectedR !== null) proofs.push(asked(set, 'execution', pick(seen.chosen, EXECUTION_COLUMNS), [expectedR]))
  if (sizer === undefined || sizer === null || sizer.multiplier === null) return proofs
  const account = [sizer.sessionR, sizer.drawdown]
  return [...proofs, asked(set, 'rl_sizer', pick(seen.chosen, SIZER_COLUMNS, account), [sizer.multiplier])]
}
