// The roles of one release that swap together, compiled and ready to decide. Made from verified bytes only.

import { accepted, Fault, type Outcome, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { Evaluator } from '../onnx/model.ts'
import { validateModel } from '../onnx/validate.ts'
import type { Evaluation } from '../release/evaluation.ts'
import { modelRole } from '../release/limits.ts'
import type { Profile, ReleaseManifest, VerifiedRelease } from '../release/release.ts'
import type { Hosted } from './evaluator-hosts.ts'
import { type Evaluators, openHosted } from './evaluators.ts'
import { readEvaluation, readFeatures, recipeOf } from './evidence.ts'
import { checkClaimedSchema, claimedMask } from './graph-claims.ts'

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
  /** Bit i: some role was trained with the source of column i of the 17; a live row must have it too (FEAT-03). */
  readonly featureMask: number
  readonly evaluation: Evaluation
  /** ms UTC: the end of what the models were fitted on, the end of all data they were judged by, and the embargo after both. */
  readonly windows: { readonly fitEnd: number; readonly dataEnd: number; readonly embargoMs: number }
  /** Two sets of one recipe differ by their data; absent where the release does not say what it was made with. */
  readonly recipe?: string | undefined
  /** Gives back what the set holds in other processes; absent where it holds nothing. Nothing is asked of it after that. */
  readonly release?: (() => void) | undefined
}

/** Identity of the models alone: a release that is signed again under another version has the same. */
export function modelsDigest({ members }: ReleaseManifest): string {
  const models = members.filter(({ name }) => modelRole(name) !== undefined)
  return sha256(
    models
      .map(({ name, sha256: digest }) => `${name} ${digest}\n`)
      .sort()
      .join(''),
  )
}

function compileRole(name: string, bytes: Uint8Array): Evaluator {
  const model = validateModel(bytes)
  const compiled = model.ok ? compileModel(model.value) : model
  if (compiled.ok) return compiled.value
  const { code, message, place } = compiled.fault
  throw new Fault(code, message, { place: place === undefined ? name : `${name} ${place}`, cause: compiled.fault })
}

/**
 * Compiles every model of a release that no host runs. Refusals: `ONNX_…` with file and place, `EVIDENCE_MISSING`, `EVIDENCE_INVALID`,
 * `FEATURE_SCHEMA` where a graph was trained on other columns than the release declares.
 *
 * @example
 * const set = unwrap(loadModelSet(verified))
 * set.roles.get('meta')?.run(row, 1)
 */
export function loadModelSet(
  release: Pick<VerifiedRelease, 'manifest' | 'manifestSha256' | 'members'>,
  hosted?: Hosted,
): Outcome<ModelSet> {
  const { manifest, manifestSha256: digest, members } = release
  try {
    const evaluation = unwrap(readEvaluation(release))
    const features = unwrap(readFeatures(release))
    const schemaSha256 = sha256(members.get('features.json')!)
    const roles = new Map<string, Evaluator>()
    let featureMask = 0
    for (const [name, bytes] of members) {
      const role = modelRole(name)
      if (role === undefined) continue
      const evaluator = hosted?.roles.get(role) ?? compileRole(name, bytes)
      checkClaimedSchema(evaluator.metadata, schemaSha256, name)
      featureMask |= claimedMask(evaluator.metadata, name)
      roles.set(role, evaluator)
    }
    const baselines = Object.entries(evaluation.roles).filter(([, { baseline }]) => baseline)
    const { fit, holdout, embargoMs } = evaluation.windows
    return accepted({
      releaseId: manifest.releaseId,
      digest,
      version: manifest.version,
      label: manifest.label,
      channel: manifest.channel,
      profile: manifest.audience.profile,
      provenance: manifest.provenance,
      roles,
      classes: evaluation.classes,
      baselineRoles: new Set(baselines.map(([role]) => role)),
      features,
      featureMask,
      evaluation,
      windows: { fitEnd: fit[1], dataEnd: Math.max(fit[1], holdout[1]), embargoMs },
      recipe: recipeOf(release),
      ...(hosted && { release: () => hosted.release() }),
    })
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

/** The same, with a host for what is too large for our evaluator. Refusals: those of `loadModelSet` and of `EvaluatorHosts`. */
export async function openModelSet(
  release: Pick<VerifiedRelease, 'manifest' | 'manifestSha256' | 'members'>,
  evaluators: Evaluators | undefined,
): Promise<Outcome<ModelSet>> {
  const hosted = await openHosted(release, evaluators)
  if (!hosted.ok) return hosted
  const set = loadModelSet(release, hosted.value)
  if (!set.ok) hosted.value?.release()
  return set
}
