// The place a model set is in charge of (SRV-30): decisions take leases, a swap assigns one reference, nobody sees roles of two
// releases in one decision.

import { sleepUntil, type Time } from '../base/sleep-until.ts'
import type { ModelSet } from './model-set.ts'

export type SetLease = {
  /** Undefined: no release is in charge, the rule-based baseline decides. */
  readonly set: ModelSet | undefined
  /** How many swaps came before this set. */
  readonly setSeq: number
  /** 1, 2, 3, …: each decision has its own. */
  readonly decisionSeq: number
  /** The set stays resident for this position, and decides for it, until `unpin` (SRV-33); pinned before, it changes hands. */
  pin(position: string): void
  /** Ends the lease; again is a bug of the caller. */
  release(): void
}

export type SlotStats = {
  readonly swaps: number
  readonly leasesTaken: number
  readonly leasesOpen: number
  /** Sets held in memory: in charge, kept as the way back, kept warm, pinned by a position, or still leased by a decision. */
  readonly resident: number
  readonly pinned: number
}

export interface ModelSlot {
  readonly name: string
  /**
   * Taken before the first feature is read, held through the order intent.
   *
   * @param position whose set decides: the one it is pinned to, else the one in charge
   */
  lease(position?: string): SetLease
  /** The position is closed; a position that was never pinned is fine. */
  unpin(position: string): void
  /** Every position of this set falls to the set in charge: what was proven harmful manages nothing (SRV-61). */
  unpinSet(digest: string): void
  /** Puts a set in charge and keeps the one before resident as the way back. Gives the new `setSeq`. */
  swap(set: ModelSet | undefined): number
  current(): ModelSet | undefined
  /** The set in charge before; undefined once dropped or where there was none. */
  previous(): ModelSet | undefined
  /** Lets go of the way back (s16); open leases keep it until they end. */
  dropPrevious(): void
  /**
   * Resolves when another swap leaves at most `most` sets resident (SRV-32): at once, unless open leases hold sets that were in charge
   * before, or sets are kept warm. Rejects with the signal's reason.
   */
  room(most: number, signal?: AbortSignal): Promise<void>
  stats(): SlotStats
}

/** How long a set that has left stays resident, whatever follows it; a clock that is put back ends it. */
export type KeepWarm = { readonly forMs: number; readonly time: Time }

type Tenure = { readonly set: ModelSet | undefined; readonly setSeq: number; open: number; warmUntil: number }

/**
 * @param keepWarm absent: a set that is neither in charge nor the way back is let go at once
 * @example
 * const slot = modelSlot('main')
 * slot.swap(set)
 * const lease = slot.lease()
 * try { decideWith(lease.set) } finally { lease.release() }
 */
export function modelSlot(name = 'main', first?: ModelSet, keepWarm?: KeepWarm): ModelSlot {
  const now = (): number => keepWarm?.time.clock.now() ?? 0
  const isWarm = ({ warmUntil }: Tenure): boolean => {
    const left = warmUntil - now()
    return left > 0 && left <= (keepWarm?.forMs ?? 0)
  }
  let current: Tenure = { set: first, setSeq: 0, open: 0, warmUntil: 0 }
  let previous: Tenure | undefined
  const draining = new Set<Tenure>()
  const warm = new Set<Tenure>()
  const pins = new Map<string, Tenure>()
  const waiting = new Set<() => void>()
  let leasesTaken = 0
  let leasesOpen = 0

  const resident = (): ReadonlySet<ModelSet> =>
    new Set([current, previous, ...draining, ...warm, ...pins.values()].flatMap(tenure => tenure?.set ?? []))
  /** A set that nothing holds any more gives back what it has elsewhere. One that returned to the slot meanwhile is held. */
  const letGo = (set: ModelSet | undefined): void => {
    if (set !== undefined && !resident().has(set)) set.release?.()
  }
  /** To be called when the slot no longer names the tenure. */
  const retire = (tenure: Tenure | undefined): void => {
    if (tenure !== undefined && tenure.open > 0) draining.add(tenure)
    else if (tenure !== undefined && isWarm(tenure)) warm.add(tenure)
    else letGo(tenure?.set)
  }
  const lookAgain = (): void => {
    for (const look of waiting) look()
  }
  /** No timer lets a set go: whoever uses the slot next does. */
  const cool = (digest?: string): void => {
    for (const tenure of warm) {
      if (isWarm(tenure) && tenure.set?.digest !== digest) continue
      warm.delete(tenure)
      unpinned(tenure)
    }
  }
  /** One that is neither leased nor pinned any more is given back, and whoever waits for room looks again. */
  const unpinned = (tenure: Tenure | undefined): void => {
    if (tenure === undefined) return
    letGo(tenure.set)
    lookAgain()
  }
  /** What a swap would leave: the new set, the one in charge now, and all that leases and positions hold. */
  const afterSwap = (): number => {
    const held = new Set([...draining, ...warm, ...pins.values()].flatMap(({ set }) => set ?? []))
    if (previous?.set !== undefined && (previous.open > 0 || isWarm(previous))) held.add(previous.set)
    if (current.set !== undefined) held.add(current.set)
    return held.size + 1
  }

  /** Asks again whenever one has been warm long enough. */
  async function coolDown(look: () => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const held = [...warm, ...(previous === undefined ? [] : [previous])].filter(isWarm)
      const ends = held.map(({ warmUntil }) => warmUntil)
      if (keepWarm === undefined || ends.length === 0) return
      await sleepUntil(Math.min(...ends), keepWarm.time, signal)
      cool()
      look()
    }
  }

  return {
    name,
    lease(position) {
      if (warm.size > 0) cool()
      const tenure = (position === undefined ? undefined : pins.get(position)) ?? current
      tenure.open++
      leasesOpen++
      leasesTaken++
      let ended = false
      return {
        set: tenure.set,
        setSeq: tenure.setSeq,
        decisionSeq: leasesTaken,
        pin(held) {
          const before = pins.get(held)
          pins.set(held, tenure)
          unpinned(before)
        },
        release() {
          if (ended) throw new Error(`a lease of slot ${name} was released twice`)
          ended = true
          tenure.open--
          leasesOpen--
          if (tenure.open > 0 || !draining.delete(tenure)) return
          retire(tenure)
          lookAgain()
        },
      }
    },
    swap(set) {
      cool()
      const next: Tenure = { set, setSeq: current.setSeq + 1, open: 0, warmUntil: 0 }
      const before = previous
      previous = current
      previous.warmUntil = now() + (keepWarm?.forMs ?? 0)
      current = next
      retire(before)
      return next.setSeq
    },
    unpin(position) {
      const tenure = pins.get(position)
      pins.delete(position)
      unpinned(tenure)
    },
    unpinSet(digest) {
      cool(digest)
      for (const [position, tenure] of pins) {
        if (tenure.set?.digest !== digest) continue
        pins.delete(position)
        unpinned(tenure)
      }
    },
    current: () => current.set,
    previous: () => previous?.set,
    dropPrevious() {
      const before = previous
      previous = undefined
      if (before !== undefined) before.warmUntil = 0
      retire(before)
    },
    room: (most, signal) =>
      new Promise((resolve, reject) => {
        const over = new AbortController()
        const end = (act: () => void): void => {
          over.abort()
          waiting.delete(look)
          signal?.removeEventListener('abort', stop)
          act()
        }
        const look = (): void => void (afterSwap() <= most && end(resolve))
        const stop = (): void => end(() => reject(signal?.reason as Error))
        waiting.add(look)
        signal?.addEventListener('abort', stop)
        if (signal?.aborted === true) stop()
        else look()
        // It ends with the wait.
        coolDown(look, over.signal).catch((cause: unknown) => over.signal.aborted || end(() => reject(cause)))
      }),
    stats() {
      cool()
      return {
        swaps: current.setSeq,
        leasesTaken,
        leasesOpen,
        resident: resident().size,
        pinned: pins.size,
      }
    },
  }
}
