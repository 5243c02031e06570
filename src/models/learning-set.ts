// Refuses rows that nothing can be learnt from, before a model sees them.

import { Fault } from '../base/fault.ts'
import type { LearningSet, Task } from './model.ts'

const MOST_CLASSES = 256

/**
 * @returns the number of classes, or 1 for values
 * Faults: `TOO_FEW_ROWS`, `DEGENERATE_INPUT`; sizes that disagree are a bug of the caller
 */
export function checkLearningSet(set: LearningSet, task: Task): number {
  const { rows, count, width, targets, weights, classes } = set
  if (count === 0) throw new Fault('TOO_FEW_ROWS', 'there is no row to learn from')
  if (width < 1 || rows.length !== count * width || targets.length !== count) {
    throw new RangeError(`${count} rows of ${width} do not fit ${rows.length} values and ${targets.length} targets`)
  }
  if (weights !== undefined) checkWeights(weights, count)
  if (task === 'regression') {
    if (!targets.every(Number.isFinite)) throw new Fault('DEGENERATE_INPUT', 'a target is not a finite number')
    return 1
  }
  if (classes === undefined || classes < 1 || classes > MOST_CLASSES) {
    throw new Fault('DEGENERATE_INPUT', `a classifier needs 1 to ${MOST_CLASSES} classes`)
  }
  if (!targets.every(target => Number.isInteger(target) && target >= 0 && target < classes)) {
    throw new Fault('DEGENERATE_INPUT', `a target is not a class index below ${classes}`)
  }
  return classes
}

function checkWeights(weights: Float64Array, count: number): void {
  if (weights.length !== count) throw new RangeError(`${weights.length} weights for ${count} rows`)
  let total = 0
  for (const weight of weights) {
    if (!(weight >= 0 && weight < Infinity)) throw new Fault('DEGENERATE_INPUT', `a weight is ${weight}`)
    total += weight
  }
  if (!(total > 0)) throw new Fault('DEGENERATE_INPUT', 'all weights are 0')
}
