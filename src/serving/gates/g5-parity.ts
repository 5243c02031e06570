// G5: on this machine the models give what they gave where they were made (EXPORT-02): golden vectors, no decision flips.

import { unwrap } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { type Golden, readGolden, readParity } from '../evidence.ts'
import type { Gate } from './gate.ts'
import type { GateLimits } from './limits.ts'
import { near } from './near.ts'
import { verdictsOf } from './result.ts'
import { argMax, outputsOf } from './vectors.ts'

const { pass, fail } = verdictsOf('G5')

type Comparison = { readonly maxAbsolute: number; readonly outside: number; readonly flips: number }

/** Another class, or the other sign. Values closer than the tolerance are a tie, which either answer settles rightly. */
function flipped(got: Float32Array, expected: Float32Array, tie: number): boolean {
  if (got.length === 1) {
    return Math.sign(got[0]!) !== Math.sign(expected[0]!) && !(Math.abs(got[0]! - expected[0]!) <= tie)
  }
  return !(expected[argMax(got, 0, got.length)]! >= Math.max(...expected) - tie)
}

function compare(got: Float32Array, golden: Golden, limits: GateLimits): Comparison {
  const expected = golden.output
  let [maxAbsolute, outside, flips] = [0, 0, 0]
  for (let i = 0; i < expected.length; i++) {
    if (!near(got[i]!, expected[i]!, limits)) outside++
    maxAbsolute = Math.max(maxAbsolute, Math.abs(got[i]! - expected[i]!))
  }
  for (let start = 0; start < expected.length; start += golden.outputs) {
    const row = [start, start + golden.outputs] as const
    if (flipped(got.subarray(...row), expected.subarray(...row), limits.parityAbsolute)) flips++
  }
  return { maxAbsolute, outside, flips }
}

export const parity: Gate = {
  name: 'G5',
  asks: 'the answers it gave where it was made',
  check({ release, candidate, limits, measured }) {
    const probed = measured?.ok === true ? measured.value.report.answers : undefined
    const certificate = unwrap(readParity(release))
    let worst = 0
    for (const [role, graph] of unwrap(candidate).roles) {
      const golden = unwrap(readGolden(release, role))
      const certified = certificate.roles[role]
      if (certified === undefined) return fail(role, limits.parityAbsolute, `parity.json says nothing about ${role}`)
      if (certified.goldenSha256 !== sha256(release.members.get(`golden/${role}.json`)!)) {
        return fail(role, limits.parityAbsolute, `parity.json was made with other golden vectors of ${role}`)
      }
      if (golden.width !== graph.width || golden.outputs !== graph.outputs) {
        return fail(role, limits.parityAbsolute, `golden vectors of ${role} are ${golden.width} to ${golden.outputs}`)
      }
      // Ours, and where there was a probe the reference runtime's: the same bytes on the same machine.
      const answers: (readonly [string, Float32Array])[] = [
        ['', outputsOf(graph, { rows: golden.input, count: golden.rows })],
      ]
      const theirs = probed?.get(role)?.subarray(0, golden.output.length)
      if (theirs !== undefined) answers.push([' in the probe', theirs])
      for (const [where, got] of answers) {
        const { maxAbsolute, outside, flips } = compare(got, golden, limits)
        worst = Math.max(worst, maxAbsolute)
        if (outside === 0 && flips === 0) continue
        const differ = `${outside} of ${golden.output.length} values differ, ${flips} decisions flip`
        return fail(maxAbsolute, limits.parityAbsolute, `${role}${where}: ${differ}`)
      }
    }
    return pass(worst, limits.parityAbsolute)
  },
}
