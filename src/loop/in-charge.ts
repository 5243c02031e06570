// What a program must know about the set in charge to ask it: which roles it has, and which columns each expects in which order.

import type { ModelSlot } from '../serving/slot.ts'

export type RoleInCharge = {
  /** Names of the values of a row, in order. */
  readonly columns: readonly string[]
  /** Numbers in an answer. */
  readonly outputs: number
  /** A stand-in and not a trained model. */
  readonly baseline: boolean
}

export type InCharge = {
  readonly releaseId: string
  readonly label: string
  readonly version: number
  readonly channel: string
  /** What it was trained on. */
  readonly provenance: 'real' | 'simulated'
  readonly setSeq: number
  /** What `meta` chooses among, in the order of its probabilities. */
  readonly classes: readonly string[]
  readonly roles: Readonly<Record<string, RoleInCharge>>
}

/** @example inChargeOf(slot)?.roles['meta']?.columns // ['volatility', ...] */
export function inChargeOf(slot: Pick<ModelSlot, 'current' | 'stats'>): InCharge | undefined {
  const set = slot.current()
  if (set === undefined) return undefined
  const { releaseId, label, version, channel, provenance, classes, features, baselineRoles } = set
  const roles = [...set.roles].map(([role, { outputs }]): [string, RoleInCharge] => {
    const columns = (features[role] ?? []).map(({ name }) => name)
    return [role, { columns, outputs, baseline: baselineRoles.has(role) }]
  })
  const setSeq = slot.stats().swaps
  return { releaseId, label, version, channel, provenance, setSeq, classes, roles: Object.fromEntries(roles) }
}
