// When the loop is due by the clock: slots of training and passes of synchronization, as pure functions of time.

import type { Rng } from '../base/rng.ts'

const MINUTE_MS = 60_000
/** REL-43: jitter of the interval either way. */
const JITTER = 0.1
/** REL-43: after n failed passes wait min(30, 5 x 2^(n-1)) minutes, half of it random. */
const BACKOFF = { firstMinutes: 5, mostMinutes: 30 }

/**
 * Beginning of the slot that a time lies in, ms UTC. Slots are counted in UTC, which knows no summer time.
 *
 * @example slotAt(Date.parse('2026-01-15T14:47:10Z'), 30) // 14:30 of that day
 */
export function slotAt(nowMs: number, everyMinutes: number): number {
  const everyMs = everyMinutes * MINUTE_MS
  return Math.floor(nowMs / everyMs) * everyMs
}

/** Beginning of the slot after the one that a time lies in, ms UTC. */
export const nextSlotAt = (nowMs: number, everyMinutes: number): number =>
  slotAt(nowMs, everyMinutes) + everyMinutes * MINUTE_MS

/** What slots are numbered for: one schedule per channel and symbol. */
export const slotPipeline = (channel: string, symbol: string): string => `${channel}/${symbol}`

/**
 * Name of a slot: of all schedulers that ever see it, one runs it (SCHED-01).
 *
 * @example slotId('stable/SPX', Date.parse('2026-01-15T14:30:00Z')) // 'stable/SPX@2026-01-15T14:30Z'
 */
export function slotId(pipeline: string, slotMs: number): string {
  return `${pipeline}@${new Date(slotMs).toISOString().slice(0, 16)}Z`
}

export type SyncCadence = {
  readonly intervalMinutes: number
  /** Least time from the end of one pass to the beginning of the next. */
  readonly minGapMinutes: number
}

/** Where the passes of one source stand. */
export type SyncMark = {
  /** When the next pass is wanted, ms UTC. */
  readonly dueAt: number
  /** When the last one ended; null before the first. */
  readonly endedAt: number | null
  /** Failed passes in a row. */
  readonly failures: number
}

/** The first pass is at the start. */
export const firstPass = (nowMs: number): SyncMark => ({ dueAt: nowMs, endedAt: null, failures: 0 })

const opensAt = ({ endedAt }: SyncMark, { minGapMinutes }: SyncCadence): number =>
  endedAt === null ? Number.NEGATIVE_INFINITY : endedAt + minGapMinutes * MINUTE_MS

/** `limited`: wanted, but too close to the last pass; `next` is when it is allowed. */
export type SyncStep = { readonly do: 'wait' | 'pass' } | { readonly do: 'limited'; readonly next: SyncMark }

/**
 * What to do now. A clock that was put back behind the last pass tells nothing about how long ago it was: the gap begins anew.
 *
 * @example syncStep(firstPass(0), 0, { intervalMinutes: 15, minGapMinutes: 5 }).do // 'pass'
 */
export function syncStep(mark: SyncMark, nowMs: number, cadence: SyncCadence): SyncStep {
  if (mark.endedAt !== null && nowMs < mark.endedAt) {
    const next = { ...mark, endedAt: nowMs }
    return { do: 'limited', next: { ...next, dueAt: opensAt(next, cadence) } }
  }
  if (nowMs < mark.dueAt) return { do: 'wait' }
  const open = opensAt(mark, cadence)
  return nowMs < open ? { do: 'limited', next: { ...mark, dueAt: open } } : { do: 'pass' }
}

export type Pass = { readonly startedAt: number; readonly endedAt: number; readonly failed: boolean }

/** The mark after a pass: an interval after its beginning, or a wait that grows with each failure. */
export function afterPass(mark: SyncMark, pass: Pass, { intervalMinutes }: SyncCadence, rng: Rng): SyncMark {
  const { startedAt, endedAt, failed } = pass
  if (!failed) {
    const minutes = intervalMinutes * (1 + JITTER * (2 * rng.next() - 1))
    return { dueAt: startedAt + Math.round(minutes * MINUTE_MS), endedAt, failures: 0 }
  }
  const failures = mark.failures + 1
  const minutes = Math.min(BACKOFF.mostMinutes, BACKOFF.firstMinutes * 2 ** (failures - 1))
  return { dueAt: endedAt + Math.round((minutes / 2) * (1 + rng.next()) * MINUTE_MS), endedAt, failures }
}
