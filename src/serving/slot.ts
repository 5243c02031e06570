// The place a model set is in charge of (SRV-30): decisions take leases, a swap assigns one reference, nobody sees roles of two
// releases in one decision.

import type { ModelSet } from './model-set.ts'

export type SetLease = {
  /** Undefined: no release is in charge, the rule-based baseline decides. */
  readonly set: ModelSet | undefined
  /** How many swaps came before this set. */
  readonly setSeq: number
  /** 1, 2, 3, …: each decision has its own. */
  readonly decisionSeq: number
  /** Ends the lease; again is a bug of the caller. */
  release(): void
}

export type SlotStats = {
  readonly swaps: number
  readonly leasesTaken: number
  readonly leasesOpen: number
  /** Sets held in memory: in charge, kept as the way back, or still leased by a decision. */
  readonly resident: number
}

export interface ModelSlot {
  readonly name: string
  /** Taken before the first feature is read, held through the order intent. */
  lease(): SetLease
  /** Puts a set in charge and keeps the one before resident as the way back. Gives the new `setSeq`. */
  swap(set: ModelSet | undefined): number
  current(): ModelSet | undefined
  /** The set in charge before; undefined once dropped or where there was none. */
  previous(): ModelSet | undefined
  /** Lets go of the way back (s16); open leases keep it until they end. */
  dropPrevious(): void
  stats(): SlotStats
}

type Tenure = { readonly set: ModelSet | undefined; readonly setSeq: number; open: number }

/**
 * @example
 * const slot = modelSlot('main')
 * slot.swap(set)
 * const lease = slot.lease()
 * try { decideWith(lease.set) } finally { lease.release() }
 */
export function modelSlot(name = 'main', first?: ModelSet): ModelSlot {
  let current: Tenure = { set: first, setSeq: 0, open: 0 }
  let previous: Tenure | undefined
  const draining = new Set<Tenure>()
  let leasesTaken = 0
  let leasesOpen = 0

  const retire = (tenure: Tenure | undefined): void => {
    if (tenure !== undefined && tenure.open > 0) draining.add(tenure)
  }

  return {
    name,
    lease() {
      const tenure = current
      tenure.open++
      leasesOpen++
      leasesTaken++
      let ended = false
      return {
        set: tenure.set,
        setSeq: tenure.setSeq,
        decisionSeq: leasesTaken,
        release() {
          if (ended) throw new Error(`a lease of slot ${name} was released twice`)
          ended = true
          tenure.open--
          leasesOpen--
          if (tenure.open === 0) draining.delete(tenure)
        },
      }
    },
    swap(set) {
      const next: Tenure = { set, setSeq: current.setSeq + 1, open: 0 }
      retire(previous)
      previous = current
      current = next
      return next.setSeq
    },
    current: () => current.set,
    previous: () => previous?.set,
    dropPrevious() {
      retire(previous)
      previous = undefined
    },
    stats: () => ({
      swaps: current.setSeq,
      leasesTaken,
      leasesOpen,
      resident: new Set([current, previous, ...draining].map(tenure => tenure?.set).filter(set => set !== undefined))
        .size,
    }),
  }
}
