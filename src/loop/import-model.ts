// A model file that somebody brings by hand: it takes one role of the release in charge, and the whole passes every gate (SRV-34). Nobody
// signed it, so what comes of it is for paper, whatever key this machine has.

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault, type Outcome, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { seededRng } from '../base/rng.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { Evaluator } from '../onnx/model.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { validateModel } from '../onnx/validate.ts'
import { type BuiltRelease, buildRelease } from '../release/build.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { SigningKey } from '../release/keys.ts'
import { MODEL_CAP, modelRole } from '../release/limits.ts'
import { ROLE_OUTPUTS, STANDARD_ROLES, type StandardRole, type VerifiedRelease } from '../release/release.ts'
import { parseStrictObject } from '../release/strict-json.ts'
import { utcText } from '../release/utc.ts'
import { versionLabel } from '../release/version-label.ts'
import { readEvaluation, readFeatures, readGolden, readParity } from '../serving/evidence.ts'
import { checkClaimedSchema } from '../serving/graph-claims.ts'
import { certify } from '../training/parity.ts'
import { parityVectors } from '../training/parity-vectors.ts'
import type { Ports } from './ports.ts'

/** Imported releases are counted in a channel of their own, so that they never stand in the way of published ones. */
export const IMPORT_CHANNEL = 'import'

const VECTORS = { vectors: 1_000, adjacent: 100 } as const

export type ImportedModel = {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly role: StandardRole
  readonly evaluator: Evaluator
  readonly opset: number
  readonly ir: number
}

/**
 * The model of a file and the role that its output is named after, unless one is given.
 * Faults: `ONNX_…`, `IMPORT_ROLE` where the output is of no role or of another one than said.
 */
export async function readModelFile(
  path: string,
  wanted: string | undefined,
  { disk }: Pick<Ports, 'disk'>,
): Promise<ImportedModel> {
  const bytes = await disk.read(path, MODEL_CAP)
  const model = unwrap(validateModel(bytes))
  const evaluator = unwrap(compileModel(model))
  const role = STANDARD_ROLES.find(name => ROLE_OUTPUTS[name] === evaluator.outputName)
  if (role === undefined || (wanted !== undefined && wanted !== role)) {
    const names = STANDARD_ROLES.map(name => `${ROLE_OUTPUTS[name]} for ${name}`).join(', ')
    throw new Fault('IMPORT_ROLE', `its output "${evaluator.outputName}" is not that of ${wanted ?? 'any role'}`, {
      place: path,
      fix: `name the output of the graph after its role: ${names}`,
    })
  }
  return { bytes, sha256: sha256(bytes), role, evaluator, opset: model.opset, ir: model.irVersion }
}

export type ImportRelease = {
  readonly model: ImportedModel
  /** The release in charge: its other roles, columns and evidence stay. */
  readonly base: VerifiedRelease
  /** ms UTC: the end of the data that the model was fitted on, as its maker says. Gates look only at what came later. */
  readonly fittedUntil: number
  /** 1, 2, 3 ... of the channel `import`. */
  readonly version: number
  readonly keys: readonly SigningKey[]
}

type Document = Readonly<Record<string, unknown>>

const utf8 = new TextEncoder()
const json = (value: unknown): Uint8Array => utf8.encode(canonicalJson(value))

/**
 * A release of the base with one model in the place of another, its parity certified on this machine, its evaluation without a single
 * figure for it: nobody measured it here.
 *
 * Refusals: those of `buildRelease`. Faults: `ONNX_INTERFACE` where it reads another number of columns, `FEATURE_SCHEMA`
 * where it was trained on others, `EXPORT_PARITY`, those of the oracle.
 */
export async function importedRelease(
  { model, base, fittedUntil, version, keys }: ImportRelease,
  oracle: RuntimeOracle,
  { clock, facts }: Pick<Ports, 'clock' | 'facts'>,
): Promise<Outcome<BuiltRelease>> {
  const { role, evaluator } = model
  const members = new Map(base.members)
  const certified = await certify([await certifiable(model, base)], oracle, model.opset)
  const golden = certified.golden.get(role)!
  const parity = unwrap(readParity(base))
  const evaluation = unwrap(readEvaluation(base))
  const about = { role, sha256: model.sha256, fittedUntil: utcText(fittedUntil), into: base.manifest.releaseId }
  members.set(`models/${role}.onnx`, model.bytes)
  members.set(`golden/${role}.json`, golden)
  members.set('parity.json', json({ ...parity, roles: { ...parity.roles, ...certified.certificate.roles } }))
  members.set('evaluation.json', json({ ...importedEvaluation(evaluation, role, fittedUntil), imported: about }))
  members.set(
    'lineage.json',
    json({ ...document(base, 'lineage.json'), parentRelease: base.manifest.releaseId, imported: about }),
  )
  const models = [...members].filter(([name]) => modelRole(name) !== undefined)
  const files = Object.fromEntries(models.map(([name, bytes]) => [name, { sha256: sha256(bytes), size: bytes.length }]))
  members.set('metadata.json', json({ ...document(base, 'metadata.json'), files, imported: about }))
  members.set('card.md', utf8.encode(cardOf(about)))
  const { audience, graphSignatures, gates, onnx, provenance } = base.manifest
  const { width, outputs, inputName, outputName } = evaluator
  return buildRelease({
    members,
    channel: IMPORT_CHANNEL,
    audience: { ...audience, profile: 'paper' },
    epoch: 1,
    version,
    label: versionLabel(clock.now(), version),
    prevManifestSha256: null,
    graphSignatures: { ...graphSignatures, [role]: { input: inputName, width, output: outputName, outputs } },
    trainingSamples: evaluation.rows.fit,
    gates: { ...gates, ciBacktest: 'notApplicable' },
    minRatchet: facts.codeVersion,
    onnx: { opset: Math.max(onnx.opset, model.opset), ir: Math.max(onnx.ir, model.ir) },
    provenance,
    keys,
    baseUrl: 'https://localhost/',
    clock,
  })
}

/** The rows that the base was certified on, and what lies beside the ends of its columns. */
async function certifiable({ role, bytes, evaluator }: ImportedModel, base: VerifiedRelease) {
  const golden = unwrap(readGolden(base, role))
  if (golden.width !== evaluator.width || golden.outputs !== evaluator.outputs) {
    const [found, wanted] = [evaluator, golden].map(({ width, outputs }) => `${width} columns to ${outputs} values`)
    throw new Fault('ONNX_INTERFACE', `the model turns ${found}, ${role} turns ${wanted}`, {
      place: `models/${role}.onnx`,
    })
  }
  checkClaimedSchema(evaluator.metadata, sha256(base.members.get('features.json')!), `models/${role}.onnx`)
  const columns = unwrap(readFeatures(base))[role] ?? []
  const rows = { validation: golden.input, training: golden.input, thresholds: [], mapped: (raw: Float32Array) => raw }
  const vectors = parityVectors({ columns, ...rows }, { rng: seededRng(42).fork(role), ...VECTORS })
  return { role, model: bytes, evaluator, vectors }
}

/** Nothing is said of the imported model, and nothing before the end of its data counts as unseen. */
function importedEvaluation(evaluation: Evaluation, role: StandardRole, fittedUntil: number): Evaluation {
  const { fit, holdout, embargoMs } = evaluation.windows
  const windows = {
    fit: [fit[0], Math.max(fit[1], fittedUntil)] as const,
    holdout: [holdout[0], Math.max(holdout[1], fittedUntil)] as const,
    embargoMs,
  }
  const unmeasured = { baseline: false, holdout: {}, folds: {}, baselines: {} }
  // It was chosen by somebody out of something: one more trial at least.
  return {
    ...evaluation,
    windows,
    roles: { ...evaluation.roles, [role]: unmeasured },
    gates: [],
    trials: evaluation.trials + 1,
  }
}

const document = ({ members }: VerifiedRelease, name: string): Document =>
  unwrap(parseStrictObject(members.get(name)!, name)) as Document

const cardOf = ({
  role,
  sha256,
  fittedUntil,
  into,
}: Readonly<Record<'role' | 'sha256' | 'fittedUntil' | 'into', string>>): string =>
  [
    `# ${role}, imported by hand`,
    '',
    `- Model ${sha256} in the place of ${role} of release ${into}.`,
    `- Fitted on data until ${fittedUntil}, as whoever imported it says.`,
    '- Nothing was measured of it where it was made that could be checked here; what the gates of this bot measured stands in their report.',
    '- For paper only.',
    '',
  ].join('\n')
