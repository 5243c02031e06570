// What a fit lowers: scalars, means over all values or rows.

import { constant, shapeFault, type Tensor } from '../tensor.ts'
import { add, maximum, minimum, mul, sub } from './arithmetic.ts'
import { abs, exp, square } from './elementwise.ts'
import { oneHot } from './gather.ts'
import { mean, sum } from './reductions.ts'
import { logSoftmax } from './softmax.ts'

const number = (value: number): Tensor => constant([], [value])

/** Mean of (prediction - target)^2. */
export const squaredLoss = (prediction: Tensor, target: Tensor): Tensor => mean(square(sub(prediction, target)))

/** Half the square within `delta`, a straight line of slope `delta` outside (Huber 1964). */
export function huberLoss(prediction: Tensor, target: Tensor, delta = 1): Tensor {
  const size = abs(sub(prediction, target))
  const near = minimum(size, number(delta))
  return mean(mul(near, sub(size, mul(number(0.5), near))))
}

/** Lowest where the prediction is the target's quantile (Koenker and Bassett 1978). */
export function pinballLoss(prediction: Tensor, target: Tensor, quantile: number): Tensor {
  const short = sub(target, prediction)
  return mean(maximum(mul(number(quantile), short), mul(number(quantile - 1), short)))
}

/**
 * Minus the mean log probability of the classes.
 *
 * @param logits [rows, classes]
 * @param classes [rows], whole numbers from 0
 */
export function crossEntropy(logits: Tensor, classes: Tensor): Tensor {
  const [rows, count] = logits.shape
  if (rows === undefined || count === undefined || classes.shape.length !== 1 || classes.shape[0] !== rows) {
    throw shapeFault('crossEntropy', [logits.shape, classes.shape], 'wants [rows, classes] and [rows]')
  }
  return mul(sum(mul(logSoftmax(logits), oneHot(classes, count))), number(-1 / rows))
}

/** Minus the mean log density of the targets under normal distributions, each with its own mean and log standard deviation. */
export function gaussianLoss(centre: Tensor, logDeviation: Tensor, target: Tensor): Tensor {
  const score = mul(sub(target, centre), exp(mul(number(-1), logDeviation)))
  return add(mean(add(mul(number(0.5), square(score)), logDeviation)), number(0.5 * Math.log(2 * Math.PI)))
}
