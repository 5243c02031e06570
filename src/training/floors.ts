// How much data a run needs, and what it says when there is less (SPLIT-03).

import { Fault } from '../base/fault.ts'
import type { Profile } from '../release/release.ts'

export type Floors = {
  readonly minEffective: number
  readonly minPerClass: number
  readonly minFiredPerFold: number
}

export const LIVE_FLOORS: Floors = Object.freeze({ minEffective: 500, minPerClass: 30, minFiredPerFold: 10 })
export const PAPER_FLOORS: Floors = Object.freeze({ minEffective: 30, minPerClass: 5, minFiredPerFold: 3 })

export function floorsOf(profile: Profile): Floors {
  return profile === 'live' ? LIVE_FLOORS : PAPER_FLOORS
}

export type DataCount = {
  /** Effective rows of LABEL-07. */
  readonly effective: number
  /** Fired rows in the validation fold that has fewest. */
  readonly firedInSmallestFold: number
  readonly classes: { readonly names: readonly string[]; readonly smallest: number; readonly counted: string }
}

function missing({ effective, firedInSmallestFold, classes }: DataCount, floors: Floors): string[] {
  const lacks: string[] = []
  if (effective < floors.minEffective) lacks.push(`${effective.toFixed(1)} effective rows of ${floors.minEffective}`)
  if (classes.names.length < 2)
    lacks.push(`one strategy and None with ${floors.minPerClass} events each (${classes.counted})`)
  else if (classes.smallest < floors.minPerClass)
    lacks.push(`${classes.smallest} events of ${floors.minPerClass} in a class`)
  if (firedInSmallestFold < floors.minFiredPerFold) {
    lacks.push(`${firedInSmallestFold} fired rows of ${floors.minFiredPerFold} in a validation fold`)
  }
  return lacks
}

/**
 * Whether the data is thin: admitted by the paper floors, but not by the live ones.
 *
 * @throws Fault `TRAIN_TOO_FEW` naming everything that is missing
 */
export function checkFloors(count: DataCount, profile: Profile): boolean {
  const lacks = missing(count, floorsOf(profile))
  if (lacks.length > 0) {
    throw new Fault('TRAIN_TOO_FEW', `too little data to train: ${lacks.join('; ')}`, { fix: 'import more history' })
  }
  return missing(count, LIVE_FLOORS).length > 0
}
