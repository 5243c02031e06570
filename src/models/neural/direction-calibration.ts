// The temperature of the direction model, from labels that neither its training nor its stopping has seen.

import { UNLABELLED } from './direction-labels.ts'
import type { DirectionSample } from './direction-samples.ts'
import { eachState } from './direction-states.ts'
import { logitsOf } from './fitted-lstm-direction.ts'
import { CLASSES, type DirectionShape, type DirectionWeights } from './lstm-direction-net.ts'
import { fitTemperature } from './temperature.ts'

/** @param scaled columns of every sequence */
export function directionTemperature(
  weights: DirectionWeights,
  { lookback, memory }: DirectionShape,
  scaled: readonly Float32Array[],
  samples: readonly DirectionSample[],
): number {
  const logits: number[] = []
  const classes: number[] = []
  const learn = (label: number, hidden: Float64Array): void => {
    if (label === UNLABELLED) return
    logits.push(...logitsOf({ weights }, hidden))
    classes.push(label)
  }
  if (memory === 'window') {
    const { inputs, units } = weights
    const windows = samples.map(({ sequence, start }) =>
      scaled[sequence]!.subarray(start * inputs, (start + lookback) * inputs),
    )
    const last = new Float64Array(units)
    eachState(weights, windows, (window, bar, hidden) => {
      last.set(hidden)
      if (bar === lookback) learn(samples[window]!.labels[0]!, last)
    })
  } else {
    const labels = new Map(
      samples.flatMap(({ sequence, start, labels: own }) =>
        Array.from(own, (label, bar) => [`${sequence}:${start + bar}`, label] as const),
      ),
    )
    // The state after a bar is what is said of it.
    eachState(weights, scaled, (sequence, bar, hidden) =>
      learn(labels.get(`${sequence}:${bar - 1}`) ?? UNLABELLED, hidden),
    )
  }
  return fitTemperature(Float64Array.from(logits), classes, CLASSES)
}
