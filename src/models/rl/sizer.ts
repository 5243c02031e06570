// The position sizer: a small network that answers how large a trade should be, 0.1 to 2.0 of normal size. What a trade would have
// made at any size is known, so it is fitted by the exact gradient of mean R and CVaR instead of by trial.

import type { Rng } from '../../base/rng.ts'
import { weightedWorstMean, worstMean } from '../../math/cvar.ts'
import { adamInit, adamUpdate } from '../../tensor/adam.ts'
import { clipNorm } from '../../tensor/clip-norm.ts'
import { evaluate } from '../../tensor/evaluate.ts'
import type { Watch } from '../watch.ts'
import { type FittedSizer, fittedSizer } from './fitted-sizer.ts'
import { rowSampler } from './row-sampler.ts'
import { sizerCurve } from './sizer-curve.ts'
import { initialWeights, sizesOf } from './sizer-net.ts'
import { type SizerObjective, sizerLoss } from './sizer-objective.ts'
import { checkSizerRows, type SizerRows, stopSplit } from './sizer-rows.ts'

export type SizerOptions = SizerObjective & {
  /** Units of the tanh layers. */
  readonly hidden: readonly number[]
  /** CVaR that costs nothing, as a share of the CVaR of size 1 on the same rows (RL-07 wants it equal or lower); 0 charges all. */
  readonly allowedTail: number
  readonly batch: number
  /** Steps at most: counted, never timed, so that equal rows give equal weights. */
  readonly steps: number
  /** Adam's rate at the first and after the last step, linear between. */
  readonly rates: readonly [number, number]
  readonly weightDecay: number
  /** Longest gradient. */
  readonly gradientNorm: number
  /** Newest share of the rows, by which the best weights are chosen, and the share before it that nobody sees. */
  readonly validationShare: number
  readonly gapShare: number
  /** Steps between two looks at the validation rows, and looks without gain before it stops. */
  readonly checkEvery: number
  readonly patience: number
}

export const SIZER_DEFAULTS: SizerOptions = Object.freeze({
  alpha: 0.05,
  // With all CVaR charged (allowedTail 0) even 0.25 outweighs any edge that markets give and every size falls to 0.1; against the
  // tail of size 1, a price of 1 R per R holds the limit on new rows too.
  lambda: 1,
  allowedTail: 0.97,
  kappa: 0.1,
  hidden: [16],
  batch: 128,
  steps: 400,
  rates: [1e-2, 3e-3] as const,
  weightDecay: 0.01,
  gradientNorm: 0.5,
  validationShare: 0.2,
  gapShare: 0.02,
  checkEvery: 20,
  patience: 6,
})

/** The objective on many rows at once, weights counted as such: what early stopping compares. Lower is better. */
function lossOf(sizes: Float32Array, rows: SizerRows, limit: number, { alpha, lambda, kappa }: SizerObjective): number {
  const { r, slipR, weights } = rows
  const results = r.map((value, row) => sizes[row]! * value)
  let sum = 0
  let total = 0
  for (let row = 0; row < r.length; row++) {
    const weight = weights?.[row] ?? 1
    sum += weight * (results[row]! - kappa * Math.max(0, sizes[row]! - 1) * (slipR?.[row] ?? 0))
    total += weight
  }
  const tail = weights === undefined ? worstMean(results, alpha) : weightedWorstMean(results, weights, alpha)
  return -sum / total + lambda * Math.max(0, -tail - limit)
}

function part({ inputs, r, slipR, weights }: SizerRows, width: number, from: number, to: number): SizerRows {
  return {
    inputs: inputs.subarray(from * width, to * width),
    r: r.subarray(from, to),
    slipR: slipR?.subarray(from, to),
    weights: weights?.subarray(from, to),
  }
}

/** CVaR of size 1, as a loss. */
const tailOf = ({ r, weights }: SizerRows, alpha: number): number =>
  -(weights === undefined ? worstMean(r, alpha) : weightedWorstMean(r, weights, alpha))

/** What `fitSizer` raises, on trades that it need not have seen; higher is better. The limit is that of size 1 on these trades. */
export function sizerScore(sizes: Float32Array, rows: SizerRows, given: Partial<SizerOptions> = {}): number {
  const options = { ...SIZER_DEFAULTS, ...given }
  return -lossOf(sizes, rows, options.allowedTail * tailOf(rows, options.alpha), options)
}

export type SizerFit = SizerRows & {
  readonly rng: Rng
  readonly options?: Partial<SizerOptions>
  /** `train` is the mean objective of the batches since the point before, `validation` that of the validation rows. */
  readonly watch?: Watch | undefined
}

/**
 * Fits sizes on trades in order of time. The same rows, options and seed give the same weights bit for bit.
 *
 * Faults: `TOO_FEW_ROWS`, `DEGENERATE_INPUT`.
 *
 * @example
 * const fitted = fitSizer({ inputs, r, rng: seededRng(42) })
 * fitted.predict(inputs, r.length) // sizes, 0.1 to 2.0
 */
export function fitSizer({ rng, options: given = {}, watch, ...rows }: SizerFit): FittedSizer {
  const options = { ...SIZER_DEFAULTS, ...given }
  const { alpha, allowedTail, batch, steps, rates, weightDecay, gradientNorm, checkEvery, patience } = options
  const width = checkSizerRows(rows)
  const widths = [width, ...options.hidden, 1]
  const split = stopSplit(rows, options)
  const training = part(rows, width, 0, split.fit)
  const validation = part(rows, width, split.validate, rows.r.length)

  const weights = initialWeights(widths, rng.fork('weights'))
  const state = adamInit(weights)
  const graph = sizerLoss(batch, widths, options)
  const draw = rowSampler(training.weights, split.fit, rng.fork('batches'))
  const fed = {
    x: new Float64Array(batch * width),
    r: new Float64Array(batch),
    slip: new Float64Array(batch),
    limit: Float64Array.of(allowedTail * tailOf(training, alpha)),
  }
  const validationLimit = allowedTail * tailOf(validation, alpha)
  const judge = (): number =>
    lossOf(sizesOf(weights, widths, validation.inputs, validation.r.length), validation, validationLimit, options)

  let best = { loss: judge(), weights: structuredClone(weights), step: 0 }
  const curve = sizerCurve(watch, steps)
  curve.look(0, best.loss)
  for (let step = 1; step <= steps && step - best.step <= patience * checkEvery; step++) {
    for (let place = 0; place < batch; place++) {
      const row = draw()
      for (let c = 0; c < width; c++) fed.x[place * width + c] = training.inputs[row * width + c]!
      fed.r[place] = training.r[row]!
      fed.slip[place] = training.slipR?.[row] ?? 0
    }
    const { value, gradients } = evaluate(graph, { ...fed, ...weights })
    clipNorm(gradients, gradientNorm)
    const rate = rates[0] + ((rates[1] - rates[0]) * step) / steps
    adamUpdate(state, weights, gradients, { rate, weightDecay })
    curve.step(step, value[0]!, rate)
    if (step % checkEvery !== 0) continue
    const loss = judge()
    curve.look(step, loss)
    if (loss < best.loss) best = { loss, weights: structuredClone(weights), step }
  }
  curve.end()
  return fittedSizer(best.weights, widths)
}
