// The parity certificate: our evaluator against the reference runtime, row by row, before anything may leave (EXPORT-02).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { ulpDistance } from '../math/ulp.ts'
import type { Evaluator } from '../onnx/model.ts'
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

export type CertifiedRole = {
  readonly role: StandardRole
  readonly model: Uint8Array
  readonly evaluator: Evaluator
  readonly vectors: ParityVectors
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

type Judged = { readonly maxAbsError: number; readonly maxUlp: number; readonly decisionFlips: number }

function judge({ role, evaluator, vectors }: CertifiedRole, ours: Float32Array, theirs: Float32Array): Judged {
  const { outputs } = evaluator
  const { absolute, relative } = PARITY_LIMITS[role]
  const fail = (row: number, what: string): Fault =>
    new Fault('EXPORT_PARITY', `${role}: ${what} in row ${row} of ${vectors.count}`, {
      place: `row ${row}: ${Array.from(vectors.rows.subarray(row * evaluator.width, (row + 1) * evaluator.width)).join(', ')}`,
      fix: 'do not ship this model; report the row with the versions of the runtime and of Ratchet',
    })
  if (theirs.length !== ours.length) throw fail(0, `${theirs.length} outputs instead of ${ours.length}`)
  let worst = 0
  let worstExcess = -Infinity
  let [maxAbsError, maxUlp] = [0, 0]
  for (const [at, mine] of ours.entries()) {
    const error = Math.abs(mine - theirs[at]!)
    const row = Math.floor(at / outputs)
    if (!Number.isFinite(error)) throw fail(row, `${mine} here and ${theirs[at]} there`)
    const excess = error - Math.max(absolute, relative * Math.abs(theirs[at]!))
    if (excess > worstExcess) [worst, worstExcess] = [at, excess]
    maxAbsError = Math.max(maxAbsError, error)
    maxUlp = Math.max(maxUlp, ulpDistance(mine, theirs[at]!))
  }
  const part = (row: number) => [row * outputs, (row + 1) * outputs] as const
  const flipped = Array.from({ length: vectors.count }, (_, row) => row).filter(row =>
    flips(ours.subarray(...part(row)), theirs.subarray(...part(row)), absolute),
  )
  if (worstExcess > 0) throw fail(Math.floor(worst / outputs), `${ours[worst]} here and ${theirs[worst]} there`)
  if (flipped.length > 0) throw fail(flipped[0]!, `${flipped.length} decisions differ, the first`)
  return { maxAbsError, maxUlp, decisionFlips: flipped.length }
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
  const certified: [string, ParityCertificate['roles'][string]][] = []
  for (const each of roles) {
    const { role, model, evaluator, vectors } = each
    const ours = evaluator.run(vectors.rows, vectors.count).slice()
    const theirs = await oracle.run(model, vectors.rows, vectors.count)
    const judged = judge(each, ours, theirs)
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
    opset,
    roles: Object.fromEntries(certified),
  }
  return { certificate, golden }
}
