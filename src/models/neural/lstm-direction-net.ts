// The direction network: one LSTM, dropout on what it shows, one dense layer to three classes; its loss as a training program.

import type { Rng } from '../../base/rng.ts'
import { div, mul, neg } from '../../tensor/ops/arithmetic.ts'
import { dropout } from '../../tensor/ops/dropout.ts'
import { type LstmWeights, lstm } from '../../tensor/ops/lstm.ts'
import { linear } from '../../tensor/ops/matmul.ts'
import { sum } from '../../tensor/ops/reductions.ts'
import { reshape } from '../../tensor/ops/reshape.ts'
import { logSoftmax } from '../../tensor/ops/softmax.ts'
import { adam } from '../../tensor/optimiser.ts'
import { input, parameter } from '../../tensor/tensor.ts'
import type { TrainingProgram } from '../../tensor/training.ts'
import { DIRECTIONS } from './direction-labels.ts'
import type { CellWeights } from './lstm-cell.ts'

export const CLASSES = DIRECTIONS.length

export type DirectionShape = {
  readonly inputs: number
  readonly units: number
  /** Bars of a sample. */
  readonly lookback: number
  /** `window`: every sample sets out from zeros and its last bar is learnt. `carried`: from a given state, and every bar is learnt. */
  readonly memory: 'window' | 'carried'
}

export type DirectionWeights = CellWeights & {
  /** [units, 3] */
  readonly dense: Float64Array
  /** [3] */
  readonly denseBias: Float64Array
}

/** Glorot and Bengio 2010; the forget gates begin open (Jozefowicz, Zaremba and Sutskever 2015). */
export function initialDirection({ inputs, units }: DirectionShape, rng: Rng): Record<string, Float64Array> {
  const uniform = (from: number, into: number, count = from * into): Float64Array => {
    const reach = Math.sqrt(6 / (from + into))
    return Float64Array.from({ length: count }, () => reach * (2 * rng.next() - 1))
  }
  return {
    input: uniform(inputs, units, inputs * 4 * units),
    recurrent: uniform(units, units, units * 4 * units),
    bias: Float64Array.from({ length: 4 * units }, (_, gate) => (gate >= units && gate < 2 * units ? 1 : 0)),
    dense: uniform(units, CLASSES),
    denseBias: new Float64Array(CLASSES),
  }
}

/** Rounded to the float32 that a graph carries. */
export function directionWeights(
  { inputs, units }: DirectionShape,
  named: Readonly<Record<string, ArrayLike<number>>>,
): DirectionWeights {
  const rounded = (name: string): Float64Array => Float64Array.from(named[name]!, Math.fround)
  return {
    inputs,
    units,
    input: rounded('input'),
    recurrent: rounded('recurrent'),
    bias: rounded('bias'),
    dense: rounded('dense'),
    denseBias: rounded('denseBias'),
  }
}

/**
 * Mean cross-entropy of the labelled bars of a batch. Rows: `x` [batch, lookback, inputs], `y` [batch, bars, 3] with a one at the class
 * and only zeros where there is no label, with carried memory `hidden` and `cell` [batch, units]. Per step: `mask` [batch, 1, units].
 * `labels` tells how many there were.
 */
export function directionProgram(
  { inputs, units, lookback, memory }: DirectionShape,
  batch: number,
  gradientNorm: number,
): TrainingProgram {
  const weights: LstmWeights = {
    input: parameter('input', [inputs, 4 * units]),
    recurrent: parameter('recurrent', [units, 4 * units]),
    bias: parameter('bias', [4 * units]),
  }
  const x = input('x', [batch, lookback, inputs])
  const isCarried = memory === 'carried'
  const bars = isCarried ? lookback : 1
  const shown = isCarried
    ? lstm(x, weights, {
        result: 'all',
        initial: { hidden: input('hidden', [batch, units]), cell: input('cell', [batch, units]) },
      })
    : reshape(lstm(x, weights), [batch, 1, units])
  const kept = reshape(dropout(shown, input('mask', [batch, 1, units])), [batch * bars, units])
  const logits = linear(kept, parameter('dense', [units, CLASSES]), parameter('denseBias', [CLASSES]))
  const y = reshape(input('y', [batch, bars, CLASSES]), [batch * bars, CLASSES])
  const labels = sum(y)
  return {
    loss: div(neg(sum(mul(y, logSoftmax(logits)))), labels),
    outputs: { labels },
    rows: ['x', 'y', ...(isCarried ? ['hidden', 'cell'] : [])],
    perStep: ['mask'],
    optimiser: adam(),
    gradientNorm,
  }
}
