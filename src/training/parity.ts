// The parity certificate: our evaluator against the reference runtime, row by row, before anything may leave (EXPORT-02).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { ulpDistance } from '../math/ulp.ts'
import { encodeModel } from '../onnx/encode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { Evaluator, OnnxModel } from '../onnx/model.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { GoldenVectors, ParityCertificate } from '../release/evaluation.ts'
import type { StandardRole } from '../release/release.ts'
import type { ParityVectors } from './parity-vectors.ts'

/** An output passes within either limit. Trees have no relative one. */
export type ParityLimit = { readonly absolute: number; readonly relative: number }

export const PARITY_LIMITS: Readonly<Record<StandardRole, ParityLimit>> = Object.freeze({
  meta: { absolute: 1e-5, relative: 0 },
  execution: { absolute: 1e-5, relative: 0 },
  rl_sizer: { absolute: 0, relative: 1e-4 },
})

type Certificate = ParityCertificate['roles'][string]

export type CertifiedRole = {
  readonly role: StandardRole
  readonly model: Uint8Array
  readonly evaluator: Evaluator
  readonly vectors: ParityVectors
  /** What its trees read (`treeInputs`); absent where it has none, or where only its answers are to be held. */
  readonly trees?: OnnxModel | undefined
}

export type Certified = {
  readonly certificate: ParityCertificate
  /** Role -> bytes of `golden/<role>.json`. */
  readonly golden: ReadonlyMap<StandardRole, Uint8Array>
}

const base64 = (values: Float32Array): string => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes.toString('base64')
}

/**
 * What the bot would do differently: another class, or the other sign of expected R. Values closer than the limit are a tie,
 * which either answer settles rightly.
 */
function flips(ours: Float32Array, theirs: Float32Array, tie: number): boolean {
  if (ours.length === 1) {
    return Math.sign(ours[0]!) !== Math.sign(theirs[0]!) && Math.abs(ours[0]! - theirs[0]!) > tie
  }
  const best = ours.indexOf(Math.max(...ours))
  return !(theirs[best]! >= Math.max(...theirs) - tie)
}

type Judged = Pick<Certificate, 'maxAbsError' | 'maxRelError' | 'maxUlp' | 'decisionFlips'>

/** Of the larger of two numbers; 0 where both are 0. */
const relativeError = (a: number, b: number): number =>
  a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b))

const refusalOf = ({ role, evaluator, vectors }: CertifiedRole, row: number, what: string): Fault =>
  new Fault('EXPORT_PARITY', `${role}: ${what} in row ${row} of ${vectors.count}`, {
    place: `row ${row}: ${Array.from(vectors.rows.subarray(row * evaluator.width, (row + 1) * evaluator.width)).join(', ')}`,
    fix: 'do not ship this model; report the row with the versions of the runtime and of Ratchet',
  })

/** Trees that read the same bits choose the same leaves: whoever compares float32 numbers compares them alike. */
async function refuseOtherLeaves(role: CertifiedRole, oracle: RuntimeOracle): Promise<void> {
  const { trees, vectors } = role
  if (trees === undefined) return
  const ours = unwrap(compileModel(trees)).run(vectors.rows, vectors.count).slice()
  const theirs = await oracle.run(encodeModel(trees), vectors.rows, vectors.count)
  const width = ours.length / vectors.count
  const at = ours.findIndex((value, index) => !Object.is(value + 0, (theirs[index] ?? Infinity) + 0))
  if (at >= 0) throw refusalOf(role, Math.floor(at / width), `its trees read ${ours[at]} here and ${theirs[at]} there`)
}

function judge(certified: CertifiedRole, ours: Float32Array, theirs: Float32Array): Judged {
  const { role, evaluator, vectors } = certified
  const { outputs } = evaluator
  const { absolute, relative } = PARITY_LIMITS[role]
  const fail = (row: number, what: string) => refusalOf(certified, row, what)
  if (theirs.length !== ours.length) throw fail(0, `${theirs.length} outputs instead of ${ours.length}`)
  let worst = 0
  let worstExcess = -Infinity
  let [maxAbsError, maxRelError, maxUlp] = [0, 0, 0]
  for (const [at, mine] of ours.entries()) {
    const error = Math.abs(mine - theirs[at]!)
    const row = Math.floor(at / outputs)
    if (!Number.isFinite(error)) throw fail(row, `${mine} here and ${theirs[at]} there`)
    const excess = error - Math.max(absolute, relative * Math.abs(theirs[at]!))
    if (excess > worstExcess) [worst, worstExcess] = [at, excess]
    maxAbsError = Math.max(maxAbsError, error)
    maxRelError = Math.max(maxRelError, relativeError(mine, theirs[at]!))
    maxUlp = Math.max(maxUlp, ulpDistance(mine, theirs[at]!))
  }
  const part = (row: number) => [row * outputs, (row + 1) * outputs] as const
  const flipped = Array.from({ length: vectors.count }, (_, row) => row).filter(row =>
    flips(ours.subarray(...part(row)), theirs.subarray(...part(row)), absolute),
  )
  if (worstExcess > 0) throw fail(Math.floor(worst / outputs), `${ours[worst]} here and ${theirs[worst]} there`)
  if (flipped.length > 0) throw fail(flipped[0]!, `${flipped.length} decisions differ, the first`)
  return { maxAbsError, maxRelError, maxUlp, decisionFlips: flipped.length }
}

/**
 * @param opset of all the graphs
 * @throws Fault `EXPORT_PARITY` with the worst row; what the oracle throws
 */
export async function certify(
  roles: readonly CertifiedRole[],
  oracle: RuntimeOracle,
  opset: number,
): Promise<Certified> {
  const golden = new Map<StandardRole, Uint8Array>()
  const certified: [string, Certificate][] = []
  for (const each of roles) {
    const { role, model, evaluator, vectors } = each
    const ours = evaluator.run(vectors.rows, vectors.count).slice()
    const theirs = await oracle.run(model, vectors.rows, vectors.count)
    const judged = judge(each, ours, theirs)
    await refuseOtherLeaves(each, oracle)
    const file: GoldenVectors = {
      schema: 'ratchet.golden/1',
      role,
      rows: vectors.count,
      width: evaluator.width,
      outputs: evaluator.outputs,
      input: base64(vectors.rows),
      // What the deciding evaluator says: the same bytes wherever it runs. How far the runtime is from it stands in the certificate.
      output: base64(ours),
    }
    const bytes = new TextEncoder().encode(canonicalJson(file))
    golden.set(role, bytes)
    const { count: rows, thresholdAdjacent } = vectors
    certified.push([role, { rows, thresholdAdjacent, ...judged, goldenSha256: sha256(bytes) }])
  }
  const certificate: ParityCertificate = {
    schema: 'ratchet.parity/1',
    runtime: oracle.name,
    cpu: oracle.cpu,
    opset,
    roles: Object.fromEntries(certified),
  }
  return { certificate, golden }
}
