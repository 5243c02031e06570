// Watches the outcomes of one model, one by one: error and R by ADWIN, accuracy, R and cost against the block before, calibration (SCHED-03).

import { mean } from '../math/statistics.ts'
import { type AdwinChange, type AdwinState, type AdwinStep, adwin, adwinStart } from './adwin.ts'
import { calibrationTest } from './calibration-test.ts'
import type { DriftLimits } from './drift-limits.ts'
import type { Outcome } from './outcome.ts'
import type { DriftSignal } from './signal.ts'
import { meanFallP, shareFallP } from './two-sample.ts'

/** Plain data that survives JSON. */
export type DriftState = {
  readonly seen: number
  readonly error: AdwinState
  readonly r: AdwinState
  /** The newest two blocks, oldest first. */
  readonly recent: readonly Outcome[]
}

export type DriftStep = { readonly state: DriftState; readonly signals: readonly DriftSignal[] }

export const driftStart: DriftState = { seen: 0, error: adwinStart, r: adwinStart, recent: [] }

/** R beyond these says no more: the range of the bandits' reward (UCB-01), mapped to 0 to 1 for ADWIN. */
const [R_LOW, R_HIGH] = [-2, 3]
const unitOf = (r: number): number => (Math.min(R_HIGH, Math.max(R_LOW, r)) - R_LOW) / (R_HIGH - R_LOW)
const rOf = (unit: number): number => R_LOW + unit * (R_HIGH - R_LOW)

/** An answer counts as right below an error of a half. */
const hit = (error: number): number => (error < 0.5 ? 1 : 0)

const short = (value: number): string => value.toFixed(3)

type Draft = Omit<DriftSignal, 'level'>

function adwinDraft(
  detector: 'adwinError' | 'adwinR',
  { before, after, n }: AdwinChange,
  limit: number,
): Draft | undefined {
  // What gets better is news too, but no reason to train.
  const worse = detector === 'adwinError' ? after - before : before - after
  if (worse <= 0) return undefined
  const what = detector === 'adwinError' ? 'the error rose' : 'the mean R fell'
  return { detector, value: worse, limit, n, sentence: `${what} from ${short(before)} to ${short(after)} (ADWIN)` }
}

/** The newest block against the one before; asked once a block, or a test at one in twenty would find something soon. */
function blockDrafts(recent: readonly Outcome[], { block, drop, significance }: DriftLimits): Draft[] {
  const found: Draft[] = []
  const older = recent.slice(0, block)
  const newer = recent.slice(block)
  const compare = (
    detector: Draft['detector'],
    what: string,
    valueOf: (outcome: Outcome) => number | null,
    pOf: (older: number[], newer: number[]) => number,
  ): void => {
    const [before, after] = [older, newer].map(part => part.flatMap(outcome => valueOf(outcome) ?? []))
    // Half a block of trades is the least that a mean is made of.
    if (before!.length < block / 2 || after!.length < block / 2) return
    const fall = mean(before!) - mean(after!)
    const p = pOf(before!, after!)
    if (fall < drop || p >= significance) return
    const sentence = `${what} by ${short(fall)} over the last ${newer.length} outcomes (p ${short(p)})`
    found.push({ detector, value: fall, limit: drop, n: recent.length, sentence })
  }
  compare('accuracy', 'accuracy fell', ({ error }) => (error === null ? null : hit(error)), shareFallP)
  compare('meanR', 'the mean R fell', ({ r }) => r, meanFallP)
  compare('cost', 'the cost in R rose', ({ costR }) => (costR === null ? null : -costR), meanFallP)
  return found
}

function calibrationDraft(
  recent: readonly Outcome[],
  { maxEce, calibrationSignificance }: DriftLimits,
): Draft | undefined {
  const asked = recent.flatMap(({ stated, error }) => (stated === null || error === null ? [] : [{ stated, error }]))
  if (asked.length < recent.length) return undefined
  const { ece, expected, p } = calibrationTest(
    asked.map(({ stated }) => stated),
    asked.map(({ error }) => hit(error)),
  )
  if (ece <= maxEce || p >= calibrationSignificance) return undefined
  const sentence = `calibration error ${short(ece)}, where ${short(expected)} would be chance (p ${short(p)})`
  return { detector: 'calibration', value: ece, limit: maxEce, n: asked.length, sentence }
}

/**
 * Takes one outcome. Below `minReported` outcomes nothing is said, below `minOutcomes` nothing is asked for.
 *
 * @example
 * let state = driftStart
 * for (const outcome of apart(outcomes)) ({ state } = watchDrift(state, outcome, DRIFT_LIMITS))
 */
export function watchDrift(state: DriftState, outcome: Outcome, limits: DriftLimits): DriftStep {
  const { adwinDelta, block, minOutcomes, minReported } = limits
  const seen = state.seen + 1
  const take = (window: AdwinState, value: number | null): AdwinStep =>
    value === null ? { state: window, change: undefined } : adwin(window, value, adwinDelta)
  const error = take(state.error, outcome.error)
  const r = take(state.r, outcome.r === null ? null : unitOf(outcome.r))
  const recent = [...state.recent, outcome].slice(-2 * block)
  const drafts: (Draft | undefined)[] = []
  if (error.change !== undefined) drafts.push(adwinDraft('adwinError', error.change, adwinDelta))
  if (r.change !== undefined) {
    const { before, after, n } = r.change
    drafts.push(adwinDraft('adwinR', { before: rOf(before), after: rOf(after), n }, adwinDelta))
  }
  if (recent.length === 2 * block && seen % block === 0) {
    drafts.push(...blockDrafts(recent, limits), calibrationDraft(recent, limits))
  }
  const level = seen >= minOutcomes ? ('trigger' as const) : ('warn' as const)
  const told = drafts.flatMap(draft => (draft === undefined ? [] : [{ ...draft, level }]))
  return { state: { seen, error: error.state, r: r.state, recent }, signals: seen >= minReported ? told : [] }
}
