// Before a set takes charge it answers rows that it will be asked (SRV-32): what it holds is there and its code is compiled when the first
// decision comes, and it gives what the reference runtime gave for the same bytes.

import { setImmediate as giveWay } from 'node:timers/promises'
import { accepted, type Outcome, refused, unwrap } from '../base/fault.ts'
import type { GateContext } from './gates/gate.ts'
import type { GateLimits } from './gates/limits.ts'
import { near } from './gates/near.ts'
import { sanityVectors } from './gates/vectors.ts'
import type { ModelSet } from './model-set.ts'

/** The rows that a role was asked last, row-major, oldest first. */
export type Recorded = (role: string) => Float32Array | undefined

/** Decisions that are replayed. */
export const REPLAYED = 100

export type WarmRole = {
  readonly rows: Float32Array
  /** The probe's answers to the first rows, row-major; as many as there are. */
  readonly expected: Float32Array
}

/** Sanity rows, for which a probe has answers, then what was decided last. */
export function warmRows(context: GateContext, recorded?: Recorded): ReadonlyMap<string, WarmRole> {
  const { candidate, measured } = context
  const roles = new Map<string, WarmRole>()
  for (const [role, { width, outputs }] of unwrap(candidate).roles) {
    const { rows: sanity, count } = sanityVectors(context, role)
    const asked = recorded?.(role) ?? new Float32Array(0)
    const replayed = asked.length % width === 0 ? asked.subarray(Math.max(0, asked.length - REPLAYED * width)) : []
    const rows = new Float32Array(sanity.length + replayed.length)
    rows.set(sanity)
    rows.set(replayed, sanity.length)
    const answers = measured?.ok === true ? measured.value.report.answers.get(role) : undefined
    roles.set(role, { rows, expected: answers?.subarray(answers.length - count * outputs) ?? new Float32Array(0) })
  }
  return roles
}

/**
 * One row at a time, as decisions ask, giving way after each: whoever decides meanwhile waits for one row at most.
 *
 * Refusals: `WARM_UP_PARITY` where an answer is not the probe's, `WARM_UP_FAILED` where there is none or it is no number.
 */
export async function warmUp(
  { roles, label }: Pick<ModelSet, 'roles' | 'label'>,
  rows: ReadonlyMap<string, WarmRole>,
  limits: GateLimits,
): Promise<Outcome<void>> {
  for (const [role, evaluator] of roles) {
    const { width, outputs } = evaluator
    const warm = rows.get(role)
    if (warm === undefined) continue
    for (let at = 0; at * width < warm.rows.length; at++) {
      const got = answer(() => evaluator.run(warm.rows.subarray(at * width, (at + 1) * width), 1))
      if (!got.ok) return refused('WARM_UP_FAILED', `${role} of ${label}: ${got.fault.message}`, { cause: got.fault })
      for (let i = 0; i < outputs; i++) {
        const value = got.value[i]!
        const wanted = warm.expected[at * outputs + i]
        if (!Number.isFinite(value)) return refused('WARM_UP_FAILED', `${role} of ${label} gives ${value}`)
        if (wanted !== undefined && !near(value, wanted, limits)) {
          const sentence = `${role} of ${label} gives ${value} here, and ${wanted} in the probe`
          return refused('WARM_UP_PARITY', sentence, { place: role })
        }
      }
      await giveWay()
    }
  }
  return accepted(undefined)
}

function answer(run: () => Float32Array): Outcome<Float32Array> {
  try {
    return accepted(run())
  } catch (cause) {
    return refused('WARM_UP_FAILED', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
