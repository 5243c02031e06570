// Fits the trunk to what arms earned: one linear output an arm on top of it, and squared errors of the arm that was taken.

import type { Rng } from '../../base/rng.ts'
import { mul, sub } from '../../tensor/ops/arithmetic.ts'
import { square } from '../../tensor/ops/elementwise.ts'
import { matmul } from '../../tensor/ops/matmul.ts'
import { mean, sum } from '../../tensor/ops/reductions.ts'
import { adamW } from '../../tensor/optimiser.ts'
import { input, parameter } from '../../tensor/tensor.ts'
import { type Reproducible, reproducibleOn, type TrainingProgram } from '../../tensor/training.ts'
import type { BanditTraining } from './bandit.ts'
import { type TrunkWeights, type TrunkWidths, trunkTensor } from './trunk.ts'

export type TrunkTraining = {
  readonly batch: number
  /** How often each outcome is seen in one training. */
  readonly passes: number
  readonly rate: number
  readonly weightDecay: number
}

export const TRUNK_TRAINING: TrunkTraining = Object.freeze({ batch: 64, passes: 10, rate: 2e-3, weightDecay: 0.01 })

export type TrunkRow = {
  /** Encoded context. */
  readonly x: Float64Array
  readonly arm: number
  /** Reward less the arm's prior mean. */
  readonly reward: number
}

export function trunkProgram(widths: TrunkWidths, arms: number, options: TrunkTraining): TrainingProgram {
  const { batch } = options
  const phi = trunkTensor(input('x', [batch, widths[0]!]), widths)
  const answers = matmul(phi, parameter('out', [widths.at(-1)!, arms]))
  const error = sub(sum(mul(input('taken', [batch, arms]), answers), 1), input('reward', [batch]))
  return {
    loss: mean(square(error)),
    rows: ['x', 'taken', 'reward'],
    optimiser: adamW({ weightDecay: options.weightDecay }),
    gradientNorm: 1,
  }
}

/** Row numbers in random order, all rows once per pass, ended by more of the last pass so that batches are whole. */
function orderOf(rows: number, passes: number, batch: number, rng: Rng): Int32Array {
  const steps = Math.ceil((rows * passes) / batch)
  const order = new Int32Array(steps * batch)
  const shuffled = Int32Array.from({ length: rows }, (_, row) => row)
  for (let place = 0; place < order.length; place++) {
    const turn = place % rows
    const other = turn + rng.int(rows - turn)
    const row = shuffled[other]!
    shuffled[other] = shuffled[turn]!
    shuffled[turn] = row
    order[place] = row
  }
  return order
}

export type TrainedTrunk = {
  /** The weights, the outputs among them. */
  readonly trunk: Record<string, number[]>
  readonly reproducible: Reproducible
}

/** Goes on from the weights it is given. */
export async function trainTrunk(
  rows: readonly TrunkRow[],
  widths: TrunkWidths,
  arms: number,
  from: TrunkWeights,
  { engine, rng, watch, signal }: BanditTraining,
  options: TrunkTraining,
): Promise<TrainedTrunk> {
  const initial = Object.fromEntries(Object.entries(from).map(([name, values]) => [name, Float64Array.from(values)]))
  const session = await engine.open(trunkProgram(widths, arms, options), initial)
  try {
    const width = widths[0]!
    const loaded = {
      x: new Float32Array(rows.length * width),
      taken: new Float32Array(rows.length * arms),
      reward: Float32Array.from(rows, ({ reward }) => reward),
    }
    for (const [place, { x, arm }] of rows.entries()) {
      loaded.x.set(x, place * width)
      loaded.taken[place * arms + arm] = 1
    }
    await session.load(loaded)
    const order = orderOf(rows.length, options.passes, options.batch, rng.fork('order'))
    const { loss } = await session.epoch({ order, rate: options.rate, ...(signal === undefined ? {} : { signal }) })
    tell(loss!, watch)
    const { parameters } = await session.save()
    return {
      trunk: Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, [...values]])),
      reproducible: reproducibleOn(session.device),
    }
  } finally {
    await session.close()
  }
}

/** Fifty points at most, each the mean of the steps since the one before. */
function tell(loss: Float64Array, watch: BanditTraining['watch']): void {
  const every = Math.ceil(loss.length / 50)
  for (let end = every; end <= loss.length; end += every) {
    watch?.({
      curve: 'train',
      x: end,
      y: loss.subarray(end - every, end).reduce((total, value) => total + value, 0) / every,
    })
  }
}
