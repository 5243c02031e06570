// A gate: one question between a verified candidate and the slot (SRV-20). What it needs of other rooms is handed in.

import type { Outcome } from '../../base/fault.ts'
import type { FeatureSchema } from '../../market/feature-schema.ts'
import type { Profile, VerifiedRelease } from '../../release/release.ts'
import type { ModelSet } from '../model-set.ts'
import type { Override } from '../override.ts'
import type { Measurement } from '../probe.ts'
import type { GateLimits } from './limits.ts'

export type GateResult = {
  /** `G1` … `G13`. */
  readonly gate: string
  /** The worst figure found; null where there is none. */
  readonly value: number | string | null
  readonly limit: number | string | null
  /** `error` counts as `fail`. */
  readonly result: 'pass' | 'fail' | 'notApplicable' | 'error'
  readonly reason?: string | undefined
  /** The paper profile relaxed this gate (SRV-24); a live bot would not have passed it on this evidence. */
  readonly paper?: true | undefined
  /** Why and by whom this gate's no was set aside: the report stands in spite of it (SRV-20). */
  readonly overridden?: { readonly by: string; readonly reason: string } | undefined
  /** Where the paper rule differs: what the live rule decides on the same figures. */
  readonly live?: 'pass' | 'fail' | undefined
}

/** A replay of real bars with costs. */
export type Replay = {
  /** Largest fall from a peak, as a share of equity. */
  readonly maxDrawdown: number
  readonly bars: number
}

/** Two sets on the same decisions, one entry each; decisions lie after both fit windows plus embargo. */
export type PairedScores = {
  /** Log loss of a decision in nats. */
  readonly candidateLoss: Float64Array
  readonly championLoss: Float64Array
  /** Net profit in units of planned loss. */
  readonly candidateR: Float64Array
  readonly championR: Float64Array
  /** How many decisions are open at a time, on average: they share their luck. 1 when absent. */
  readonly overlap?: number | undefined
}

/** What other rooms know and gates ask. An absent member means the bot holds no bars for it yet. */
export type Evidence = {
  /** Newest real rows of a role, row-major, oldest first. */
  readonly recentRows?: ((role: string) => Float32Array | undefined) | undefined
  /** Undefined stands for the rule-based baseline: equal-weight strategies, size 1. */
  readonly replay?: ((set: ModelSet | undefined) => Replay) | undefined
  readonly score?: ((candidate: ModelSet, champion: ModelSet | undefined) => PairedScores) | undefined
  /** The level of significance that the ledger grants this look (LEDGER-04). */
  readonly level?: number | undefined
  /** Of a process of its own; absent: nothing was measured. */
  readonly measured?: Outcome<Measurement> | undefined
}

export type GateContext = Evidence & {
  readonly release: VerifiedRelease
  /** What `loadModelSet` made of exactly these bytes. */
  readonly candidate: Outcome<ModelSet>
  /** The set in charge; undefined where there is none. */
  readonly champion: ModelSet | undefined
  readonly profile: Profile
  readonly symbol: string
  /** The bot's own columns. */
  readonly features: FeatureSchema
  readonly limits: GateLimits
  /** What a person sets aside; a gate outside of it is not touched by it. */
  readonly override?: Override | undefined
  /** The same recipe on newer data, and a champion past its age (SRV-21): it is to be replaced, not to be resembled. */
  readonly refresh?: boolean | undefined
}

export interface Gate {
  readonly name: string
  /** What it asks, in a few words. */
  readonly asks: string
  /** Deterministic. A throw is an `error`, which fails. */
  check(context: GateContext): GateResult
}
