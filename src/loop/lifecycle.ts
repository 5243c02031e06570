// The learning loop as a pure state machine: what has to happen next, given what happened. No clock, no I/O.

import { type PositionPolicy, type SwapRules, swapStep } from '../serving/swap-policy.ts'

export type LoopPhase = 'waiting' | 'training' | 'publishing' | 'holding' | 'syncing'

export type LoopState = {
  readonly phase: LoopPhase
  /** Bar of the last cycle, -1 before the first. */
  readonly lastBar: number
  /** When that bar was known, ms UTC. */
  readonly lastTime: number
  /** Labelled rows at the last cycle: another starts only when there are more (SCHED-01). */
  readonly lastRows: number
  /** Since which bar a published release waits for a flat book. */
  readonly heldSince: number
  readonly cycles: number
  readonly skipped: number
}

export type LoopEvent =
  | {
      readonly type: 'bar'
      readonly index: number
      /** When the bar was known, ms UTC. */
      readonly time: number
      readonly labelledRows: number
      readonly flat: boolean
      readonly skip: boolean
      /** A model in charge has drifted: a cycle is wanted though none is due. */
      readonly asked?: boolean
    }
  | { readonly type: 'trained'; readonly released: boolean }
  | { readonly type: 'published'; readonly index: number }
  | { readonly type: 'synced' }

export type LoopCommand = 'train' | 'publish' | 'sync'

export type LoopOptions = {
  /** Bars from one cycle to the next. */
  readonly everyBars: number
  /** In place of bars: one cycle per slot of this length, counted in UTC, of missed ones the newest (SCHED-01). */
  readonly everyMs?: number | undefined
  /** Bars before the first cycle. */
  readonly warmupBars: number
  /** Bars a release waits for a flat book before the swap starves (SRV-33: 240 minutes, here eight cycles' worth of 30). */
  readonly maxHoldBars: number
  /** Absent: the swap waits for a flat book, and goes ahead with the positions pinned where it starves. */
  readonly swap?: Pick<SwapRules, 'policy' | 'onStarve'> | undefined
}

export const loopStart: LoopState = {
  phase: 'waiting',
  lastBar: -1,
  lastTime: 0,
  lastRows: 0,
  heldSince: -1,
  cycles: 0,
  skipped: 0,
}

type Step = {
  readonly state: LoopState
  readonly command: LoopCommand | undefined
  /** With `sync`: what becomes of positions that are open. */
  readonly positions?: PositionPolicy
  /** The wait for a flat book has just become too long. */
  readonly starved?: boolean
}

const FLAT_ONLY = { policy: 'flatOnly', onStarve: 'pinToEntry' } as const

/**
 * From when on another cycle may start: at a bar, or at the first bar known at or after a time.
 *
 * @example nextDue(loopStart, { everyBars: 63, warmupBars: 756, maxHoldBars: 504 }) // { bar: 755 }
 */
export function nextDue(
  { lastBar, lastTime }: LoopState,
  { everyBars, everyMs, warmupBars }: LoopOptions,
): { readonly bar: number } | { readonly time: number } {
  if (lastBar < 0) return { bar: warmupBars - 1 }
  if (everyMs === undefined) return { bar: lastBar + everyBars }
  return { time: (Math.floor(lastTime / everyMs) + 1) * everyMs }
}

/** Whether the schedule wants a cycle at this bar. */
export function isDue(
  state: LoopState,
  { index, time }: { readonly index: number; readonly time: number },
  options: LoopOptions,
): boolean {
  const next = nextDue(state, options)
  return 'bar' in next ? index >= next.bar : time >= next.time
}

function onBar(state: LoopState, event: Extract<LoopEvent, { type: 'bar' }>, options: LoopOptions): Step {
  if (state.phase === 'holding') {
    const { swap = FLAT_ONLY, maxHoldBars: maxWait } = options
    const waited = event.index - state.heldSince
    const asked = swapStep({ ...swap, maxWait }, { flat: event.flat, waited })
    const starved = asked.starved && waited === maxWait
    return asked.swap
      ? { state: { ...state, phase: 'syncing' }, command: 'sync', positions: asked.positions, starved }
      : { state, command: undefined, starved }
  }
  const due = event.asked === true || isDue(state, event, options)
  if (state.phase !== 'waiting' || !due || event.labelledRows <= state.lastRows) return { state, command: undefined }
  const cycle = { ...state, lastBar: event.index, lastTime: event.time, lastRows: event.labelledRows }
  return event.skip
    ? { state: { ...cycle, skipped: state.skipped + 1 }, command: undefined }
    : { state: { ...cycle, phase: 'training', cycles: state.cycles + 1 }, command: 'train' }
}

/**
 * @throws RangeError for an event that the phase does not know: a bug of the caller
 * @example step(loopStart, { type: 'bar', index: 755, time, labelledRows: 9, flat: true, skip: false },
 *   { everyBars: 63, warmupBars: 756, maxHoldBars: 504 }).command // 'train'
 */
export function step(state: LoopState, event: LoopEvent, options: LoopOptions): Step {
  if (event.type === 'bar') return onBar(state, event, options)
  if (event.type === 'trained' && state.phase === 'training') {
    return event.released
      ? { state: { ...state, phase: 'publishing' }, command: 'publish' }
      : { state: { ...state, phase: 'waiting' }, command: undefined }
  }
  if (event.type === 'published' && state.phase === 'publishing') {
    return { state: { ...state, phase: 'holding', heldSince: event.index }, command: undefined }
  }
  if (event.type === 'synced' && state.phase === 'syncing')
    return { state: { ...state, phase: 'waiting' }, command: undefined }
  throw new RangeError(`the loop does not expect "${event.type}" while ${state.phase}`)
}

/** Bars between cycles of an accelerated replay of known length: at most 48 cycles, never closer than a quarter of days (SCHED-01). */
export function cycleBars(bars: number): number {
  return Math.max(63, Math.ceil(bars / 48))
}

/**
 * Bars that a slot is long: what is counted in cycles of so many bars follows from it.
 *
 * @example slotBars(12 * 3_600_000, 60_000) // 720
 */
export const slotBars = (everyMs: number, barMs: number): number => Math.max(1, Math.round(everyMs / barMs))
