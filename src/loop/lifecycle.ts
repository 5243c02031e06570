// The learning loop as a pure state machine: what has to happen next, given what happened. No clock, no I/O.

export type LoopPhase = 'waiting' | 'training' | 'publishing' | 'holding' | 'syncing'

export type LoopState = {
  readonly phase: LoopPhase
  /** Bar of the last cycle, -1 before the first. */
  readonly lastBar: number
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
      readonly labelledRows: number
      readonly flat: boolean
      readonly skip: boolean
    }
  | { readonly type: 'trained'; readonly released: boolean }
  | { readonly type: 'published'; readonly index: number }
  | { readonly type: 'synced' }

export type LoopCommand = 'train' | 'publish' | 'sync'

export type LoopOptions = {
  /** Bars from one cycle to the next. */
  readonly everyBars: number
  /** Bars before the first cycle. */
  readonly warmupBars: number
  /** Bars a release waits for a flat book before it swaps under an open position (SRV-33: 240 minutes, here eight cycles' worth of 30). */
  readonly maxHoldBars: number
}

export const loopStart: LoopState = { phase: 'waiting', lastBar: -1, lastRows: 0, heldSince: -1, cycles: 0, skipped: 0 }

type Step = { readonly state: LoopState; readonly command: LoopCommand | undefined }

function onBar(state: LoopState, event: Extract<LoopEvent, { type: 'bar' }>, options: LoopOptions): Step {
  if (state.phase === 'holding') {
    const starved = event.index - state.heldSince >= options.maxHoldBars
    return event.flat || starved
      ? { state: { ...state, phase: 'syncing' }, command: 'sync' }
      : { state, command: undefined }
  }
  const bars = event.index + 1
  const due = state.lastBar < 0 ? bars >= options.warmupBars : event.index - state.lastBar >= options.everyBars
  if (state.phase !== 'waiting' || !due || event.labelledRows <= state.lastRows) return { state, command: undefined }
  const cycle = { ...state, lastBar: event.index, lastRows: event.labelledRows }
  return event.skip
    ? { state: { ...cycle, skipped: state.skipped + 1 }, command: undefined }
    : { state: { ...cycle, phase: 'training', cycles: state.cycles + 1 }, command: 'train' }
}

/**
 * @throws RangeError for an event that the phase does not know: a bug of the caller
 * @example step(loopStart, { type: 'bar', index: 755, labelledRows: 9, flat: true, skip: false },
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
