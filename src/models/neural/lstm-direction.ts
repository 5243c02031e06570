// The direction model: an LSTM says whether the price will be up, down or about where it is ten bars on (LSTM-01, BRN-08).

import { Fault } from '../../base/fault.ts'
import { fitColumnScaling, scaledColumns } from './column-scaling.ts'
import { directionTemperature } from './direction-calibration.ts'
import type { DirectionSequence } from './direction-labels.ts'
import { type DirectionParts, directionParts, labelCount, type SampleOptions } from './direction-samples.ts'
import { type DirectionTraining, type DirectionTrainingOptions, trainDirection } from './direction-training.ts'
import { type FittedLstmDirection, fittedLstmDirection } from './fitted-lstm-direction.ts'
import { type DirectionShape, directionWeights } from './lstm-direction-net.ts'

export type LstmDirectionOptions = SampleOptions &
  DirectionTrainingOptions & {
    readonly units: number
    /** Columns are kept within plus and minus this many standard deviations. */
    readonly clip: number
    /** Fewest labels of the training part; the parts after it need a tenth of that. */
    readonly minLabels: number
  }

export const LSTM_DEFAULTS: LstmDirectionOptions = Object.freeze({
  memory: 'window',
  lookback: 60,
  horizon: 10,
  band: 0.25,
  units: 50,
  dropout: 0.2,
  rate: 1e-3,
  epochs: 50,
  patience: 5,
  gradientNorm: 1,
  batch: 64,
  clip: 8,
  minLabels: 300,
  maxSamples: 20_000,
  validationShare: 0.15,
  calibrationShare: 0.15,
})

/** The brain's: one step a bar with carried state, trained by back-propagation truncated at 60 bars (BRN-08). */
export const BRAIN_LSTM: LstmDirectionOptions = Object.freeze({
  ...LSTM_DEFAULTS,
  memory: 'carried',
  units: 32,
  batch: 8,
})

export type LstmDirectionFit = DirectionTraining & {
  /** One per session in order of time. */
  readonly sequences: readonly DirectionSequence[]
  readonly columns: readonly string[]
  readonly options?: Partial<LstmDirectionOptions>
}

/**
 * Time is cut in three: the first part trains, the second says when to stop, the last gives the temperature. The same rows, options,
 * seed and engine give the same model bit for bit.
 *
 * Faults: `TOO_FEW_ROWS`, and those of the engine.
 *
 * @example
 * const model = await fitLstmDirection({ sequences, columns, engine, rng: seededRng(42), options: BRAIN_LSTM })
 * const { state, output } = model.step(model.init(), { sequence: '2024-03-04', values: context })
 * output.direction // 'Up'
 */
export async function fitLstmDirection(fit: LstmDirectionFit): Promise<FittedLstmDirection> {
  const { sequences, columns } = fit
  const options = { ...LSTM_DEFAULTS, ...fit.options }
  const { units, lookback, memory, clip } = options
  const shape: DirectionShape = { inputs: columns.length, units, lookback, memory }
  const parts = directionParts(sequences, options)
  checkParts(parts, options)
  const scaling = fitColumnScaling(
    sequences.map(({ rows }, i) => rows.subarray(0, parts.trainBars[i]! * columns.length)),
    columns.length,
    clip,
  )
  const scaled = sequences.map(({ rows, closes }) => {
    if (rows.length === closes.length * columns.length) return scaledColumns(rows, scaling)
    throw new RangeError(`${rows.length} values are not ${closes.length} bars of ${columns.length} columns`)
  })
  const { named, reproducible } = await trainDirection(fit, shape, options, scaled, parts)
  const weights = directionWeights(shape, named)
  const temperature = Math.fround(directionTemperature(weights, shape, scaled, parts.calibration))
  return fittedLstmDirection({ columns, memory, lookback, weights, scaling, temperature, reproducible })
}

function checkParts(parts: DirectionParts, { minLabels }: LstmDirectionOptions): void {
  for (const [part, least] of [
    ['train', minLabels],
    ['validation', minLabels / 10],
    ['calibration', minLabels / 10],
  ] as const) {
    const count = labelCount(parts[part])
    if (count >= Math.max(1, least)) continue
    throw new Fault(
      'TOO_FEW_ROWS',
      `the ${part} part of the direction model has ${count} labelled bars, not ${Math.ceil(least)}`,
      {
        fix: 'give more bars: a label needs 10 bars after it in its session, a window 60 before it',
      },
    )
  }
}
