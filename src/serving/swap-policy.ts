// Whether a release that passed its gates may take charge now, and what becomes of positions that are open then (SRV-33). Pure.

/** How open positions pass from the set that leaves to the one that comes. */
export type PositionPolicy =
  /** Each is managed and left by the set that opened it, which stays resident. */
  | 'pinToEntry'
  /** The new set underwrites each once: keep, reduce or leave; a stop is tightened, never widened. */
  | 'handoff'
  /** Each is left at once. */
  | 'flatten'

export type SwapRules = {
  /** `flatOnly` waits until nothing is open. */
  readonly policy: 'flatOnly' | 'pinToEntry' | 'handoff'
  /** How long `flatOnly` waits, in the unit of `waited`. */
  readonly maxWait: number
  readonly onStarve: 'pinToEntry' | 'keepWaiting'
}

export type SwapStep =
  | { readonly swap: true; readonly positions: PositionPolicy; readonly starved: boolean }
  | { readonly swap: false; readonly starved: boolean }

/**
 * @param flat anything but a clear yes is a no
 * @example
 * swapStep({ policy: 'flatOnly', maxWait: 240, onStarve: 'pinToEntry' }, { flat: false, waited: 5 }) // { swap: false, starved: false }
 */
export function swapStep(
  { policy, maxWait, onStarve }: SwapRules,
  { flat, waited }: { readonly flat: boolean | undefined; readonly waited: number },
): SwapStep {
  if (policy !== 'flatOnly') return { swap: true, positions: policy, starved: false }
  if (flat === true) return { swap: true, positions: 'pinToEntry', starved: false }
  const starved = waited >= maxWait
  return starved && onStarve === 'pinToEntry'
    ? { swap: true, positions: 'pinToEntry', starved }
    : { swap: false, starved }
}

/** What `rollback.positions` comes to: a set that was proven harmful keeps no position (SRV-61). */
export function positionsAfterRollback(chosen: PositionPolicy, proven: boolean): PositionPolicy {
  return proven && chosen === 'pinToEntry' ? 'handoff' : chosen
}
