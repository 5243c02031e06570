// What came of one cycle of the loop, as a run keeps it: enough to make the run again without training again.

import type { Retraining } from '../feedback/worth.ts'
import type { GateResult } from '../serving/gates/gate.ts'

export type CycleRefusal = {
  readonly code: string
  /** The gate, or the code where no gate was asked. */
  readonly by: string
  readonly detail: string
}

export type CycleRelease = {
  readonly releaseId: string
  readonly label: string
  readonly version: number
  readonly manifestSha256: string
}

export type CycleRecord = {
  /** 1, 2, 3 ... of the run, skipped ones included. */
  readonly slot: number
  /** Index of the bar at which it was due. */
  readonly bar: number
  /** Why it was skipped; null where it was not. */
  readonly skipped: string | null
  /** Null where it was skipped. */
  readonly training: {
    /** 1, 2, 3 ... of the run. */
    readonly number: number
    /** Code of what kept it from a release. */
    readonly fault: string | null
    readonly effectiveRows: number | null
    readonly release: CycleRelease | null
    /** Why it ran and what it was worth; absent in records of older programs. */
    readonly retraining?: Retraining
  } | null
  /** Null until its release was judged. */
  readonly sync: {
    readonly installed: boolean
    readonly gates: readonly GateResult[]
    readonly refusals: readonly CycleRefusal[]
  } | null
}

type Counts = Record<string, number>

export type Tally = {
  readonly trainings: number
  /** Code -> trainings without a release. */
  readonly failed: Readonly<Counts>
  /** Of the last training that ended well; 0 before. */
  readonly effectiveRows: number
  readonly published: number
  readonly installed: number
  readonly refused: number
  /** Gate -> result -> count. */
  readonly verdictsByGate: Readonly<Record<string, Readonly<Counts>>>
  /** Gate or code that decided a refusal -> count. */
  readonly refusedBy: Readonly<Counts>
}

const count = (counts: Counts, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

/**
 * The sums over the cycles of a run.
 *
 * @example tallyOf([]).trainings // 0
 */
export function tallyOf(cycles: readonly CycleRecord[]): Tally {
  const failed: Counts = {}
  const refusedBy: Counts = {}
  const verdictsByGate: Record<string, Counts> = {}
  const trained = cycles.flatMap(({ training }) => training ?? [])
  for (const { fault } of trained) if (fault !== null) count(failed, fault)
  const judged = cycles.flatMap(({ sync }) => sync ?? [])
  for (const { gates, refusals } of judged) {
    for (const { gate, result } of gates) count((verdictsByGate[gate] ??= {}), result)
    for (const { by } of refusals) count(refusedBy, by)
  }
  return {
    trainings: trained.length,
    failed,
    effectiveRows: trained.findLast(({ effectiveRows }) => effectiveRows !== null)?.effectiveRows ?? 0,
    published: trained.filter(({ release }) => release !== null).length,
    installed: judged.filter(({ installed }) => installed).length,
    refused: judged.reduce((sum, { refusals }) => sum + refusals.length, 0),
    verdictsByGate,
    refusedBy,
  }
}
