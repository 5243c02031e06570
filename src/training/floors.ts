// How much data a run needs, and what it says when there is less (SPLIT-03).

import { Fault } from '../base/fault.ts'
import type { DatasetOptions } from './options.ts'

export type Floors = {
  readonly minEffective: number
  readonly minPerClass: number
  readonly minFiredPerFold: number
}

/** Of a paper run: who asks for less than this has nothing to learn from. */
export const PAPER_FLOORS: Floors = Object.freeze({ minEffective: 30, minPerClass: 5, minFiredPerFold: 3 })

type FloorOptions = Pick<DatasetOptions, 'profile' | 'minRows' | 'minRowsPerClass' | 'minTradesPerFold'>

export const liveFloors = ({ minRows, minRowsPerClass, minTradesPerFold }: FloorOptions): Floors => ({
  minEffective: minRows,
  minPerClass: minRowsPerClass,
  minFiredPerFold: minTradesPerFold,
})

/** Floors that are set lower than those of paper bind paper too. */
export function floorsOf(options: FloorOptions): Floors {
  const live = liveFloors(options)
  if (options.profile === 'live') return live
  return {
    minEffective: Math.min(live.minEffective, PAPER_FLOORS.minEffective),
    minPerClass: Math.min(live.minPerClass, PAPER_FLOORS.minPerClass),
    minFiredPerFold: Math.min(live.minFiredPerFold, PAPER_FLOORS.minFiredPerFold),
  }
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
export function checkFloors(count: DataCount, options: FloorOptions): boolean {
  const lacks = missing(count, floorsOf(options))
  if (lacks.length > 0) {
    throw new Fault('TRAIN_TOO_FEW', `too little data to train: ${lacks.join('; ')}`, { fix: 'import more history' })
  }
  return missing(count, liveFloors(options)).length > 0
}
