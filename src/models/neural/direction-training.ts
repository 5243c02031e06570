// Trains the direction network epoch by epoch until the validation part gains nothing more.

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import { dropoutMask } from '../../tensor/ops/dropout.ts'
import { type Reproducible, reproducibleOn, type Steps, type TrainingEngine } from '../../tensor/training.ts'
import type { Watch } from '../watch.ts'
import { UNLABELLED } from './direction-labels.ts'
import type { DirectionParts, DirectionSample } from './direction-samples.ts'
import { eachState } from './direction-states.ts'
import {
  CLASSES,
  type DirectionShape,
  directionProgram,
  directionWeights,
  initialDirection,
} from './lstm-direction-net.ts'

export type DirectionTraining = {
  readonly engine: TrainingEngine
  readonly rng: Rng
  /** `train` and `validation` are cross-entropies per label, by epoch. */
  readonly watch?: Watch | undefined
  readonly signal?: AbortSignal | undefined
}

export type DirectionTrainingOptions = {
  /** Share of what the units show that is left out of a step. */
  readonly dropout: number
  readonly rate: number
  readonly epochs: number
  /** Epochs without a better validation loss before it stops. */
  readonly patience: number
  readonly gradientNorm: number
  readonly batch: number
}

type Named = Readonly<Record<string, Float64Array>>

/** @returns the weights of the best epoch, by name, and whether the same fit would give the same ones */
export async function trainDirection(
  { engine, rng, watch, signal }: DirectionTraining,
  shape: DirectionShape,
  options: DirectionTrainingOptions,
  scaled: readonly Float32Array[],
  parts: Pick<DirectionParts, 'train' | 'validation'>,
): Promise<{ readonly named: Named; readonly reproducible: Reproducible }> {
  const samples = [...parts.train, ...parts.validation]
  const batch = Math.min(options.batch, parts.train.length)
  const initial = initialDirection(shape, rng.fork('weights'))
  const rows = sampleRows(samples, shape, scaled)
  const [shuffle, drops] = [rng.fork('order'), rng.fork('dropout')]
  const session = await engine.open(directionProgram(shape, batch, options.gradientNorm), initial)
  const validation = withMask(batches(parts.train.length, samples.length, samples.length, batch), shape, batch, count =>
    new Float32Array(count).fill(1),
  )
  try {
    const refresh = async (weights: Named): Promise<void> => {
      if (shape.memory === 'carried') setStates(rows, samples, shape, scaled, weights)
      await session.load(rows)
    }
    await refresh(initial)
    let best = { loss: Infinity, epoch: 0, weights: initial as Named }
    for (let epoch = 1; epoch <= options.epochs && epoch - best.epoch <= options.patience; epoch++) {
      // An engine in this thread hears of a cancellation only between epochs.
      if (signal?.aborted === true) throw new Fault('TRAINING_CANCELLED', 'training was cancelled')
      const order = batches(0, parts.train.length, samples.length, batch, shuffle)
      const steps = withMask(order, shape, batch, count => dropoutMask(drops, count, options.dropout))
      const train = meanLoss(
        await session.epoch({ ...steps, rate: options.rate, ...(signal === undefined ? {} : { signal }) }),
      )
      const { parameters } = await session.save()
      if (shape.memory === 'carried') await refresh(parameters)
      const loss = meanLoss(await session.measure(validation))
      watch?.({ curve: 'train', x: epoch, y: train })
      watch?.({ curve: 'validation', x: epoch, y: loss })
      if (loss < best.loss) best = { loss, epoch, weights: parameters }
    }
    return { named: best.weights, reproducible: reproducibleOn(session.device) }
  } finally {
    await session.close()
  }
}

type Rows = Record<string, Float32Array>

/** One row more than samples: it is all zeros, has no label and fills up batches. */
function sampleRows(samples: readonly DirectionSample[], shape: DirectionShape, scaled: readonly Float32Array[]): Rows {
  const { inputs, units, lookback, memory } = shape
  const bars = memory === 'carried' ? lookback : 1
  const rows: Rows = {
    x: new Float32Array((samples.length + 1) * lookback * inputs),
    y: new Float32Array((samples.length + 1) * bars * CLASSES),
  }
  for (const [place, { sequence, start, labels }] of samples.entries()) {
    const from = scaled[sequence]!
    rows['x']!.set(from.subarray(start * inputs, (start + lookback) * inputs), place * lookback * inputs)
    for (const [bar, label] of labels.entries()) {
      if (label !== UNLABELLED) rows['y']![(place * bars + bar) * CLASSES + label] = 1
    }
  }
  if (memory === 'carried') {
    rows['hidden'] = new Float32Array((samples.length + 1) * units)
    rows['cell'] = new Float32Array((samples.length + 1) * units)
  }
  return rows
}

/**
 * Puts each sample's state into the rows, worked out by the weights of now: within an epoch it is as old as the epoch, which is what
 * truncation is.
 */
function setStates(
  rows: Rows,
  samples: readonly DirectionSample[],
  shape: DirectionShape,
  scaled: readonly Float32Array[],
  named: Named,
): void {
  const starts = Map.groupBy(samples.entries(), ([, { sequence, start }]) => `${sequence}:${start}`)
  eachState(directionWeights(shape, named), scaled, (sequence, bar, hidden, cell) => {
    for (const [place] of starts.get(`${sequence}:${bar}`) ?? []) {
      rows['hidden']!.set(hidden, place * shape.units)
      rows['cell']!.set(cell, place * shape.units)
    }
  })
}

/** Rows `from` to `to` in random order if asked, filled up to whole batches with the row that has no label. */
function batches(from: number, to: number, empty: number, batch: number, rng?: Rng): Int32Array {
  const count = to - from
  const order = new Int32Array(Math.ceil(count / batch) * batch).fill(empty)
  for (let i = 0; i < count; i++) order[i] = from + i
  if (rng === undefined) return order
  for (let i = count - 1; i > 0; i--) {
    const other = rng.int(i + 1)
    const kept = order[i]!
    order[i] = order[other]!
    order[other] = kept
  }
  return order
}

function withMask(
  order: Int32Array,
  { units }: DirectionShape,
  batch: number,
  mask: (count: number) => Float32Array,
): Steps {
  return { order, perStep: { mask: mask((order.length / batch) * batch * units) } }
}

/** Batches have different numbers of labels: each counts by how many. */
function meanLoss({ loss, labels }: Readonly<Record<string, Float64Array>>): number {
  let [sum, total] = [0, 0]
  for (const [step, count] of labels!.entries()) {
    sum += loss![step]! * count
    total += count
  }
  return sum / total
}
