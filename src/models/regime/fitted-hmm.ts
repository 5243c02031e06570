// A fitted hidden Markov model: the live filter, reports with hindsight, its graph and its state as plain data.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { Exportable } from '../graph.ts'
import type { Saved } from '../model.ts'
import type { Stepwise } from '../stepwise.ts'
import { filterRow, filterSequence, predictNext } from './hmm-forward.ts'
import { hmmGraph } from './hmm-graph.ts'
import type { Gaussian } from './hmm-match.ts'
import { HMM_COLUMNS, type HmmColumn } from './hmm-names.ts'
import { emissionOf, type HmmParameters } from './hmm-parameters.ts'
import { likeliestPath, smoothed } from './hmm-smoothing.ts'
import type { BrainRegime } from './regime-table.ts'
import { BRAIN_REGIME_OF, type HmmRegime } from './row-regime.ts'

/** Posterior from which one state replaces the rule detector's Normal (BRN-03). */
const SURE = 0.7

/** Chances before the next row; `sequence` is the session of the last one, null before any. */
export type HmmState = { readonly sequence: string | null; readonly predicted: readonly number[] }

export type HmmInput = {
  /** Session of the bar. Another one than the last begins again from the initial chances; daily bars have one for ever. */
  readonly sequence: string
  /** Raw, in the order of `columns`. */
  readonly values: readonly number[]
}

export type HmmOutput = {
  /** Filtered chance of each state. */
  readonly probabilities: readonly number[]
  /** The likeliest state, what it is called and how likely it is. */
  readonly likeliest: number
  readonly regime: HmmRegime
  readonly probability: number
}

export interface FittedHmm extends Exportable, Stepwise<HmmState, HmmInput, HmmOutput> {
  readonly kind: 'hidden_markov_model'
  readonly columns: readonly HmmColumn[]
  /** What each state is called. */
  readonly names: readonly HmmRegime[]
  readonly bic: number
  /** Each state's distribution in raw units. */
  readonly gaussians: readonly Gaussian[]
  /** Natural logarithm of the density of the sequences, rows scaled as in the fit. */
  logLikelihood(sequences: readonly Float64Array[]): number
  /** With hindsight, for reports only: `rows * states` chances, and the likeliest path. */
  smooth(rows: Float64Array): Float64Array
  path(rows: Float64Array): Int32Array
  save(): Saved
}

export type HmmScale = { readonly center: Float64Array; readonly deviation: Float64Array; readonly clip: number }

export type HmmParts = {
  readonly parameters: HmmParameters
  readonly scale: HmmScale
  readonly columns: readonly HmmColumn[]
  readonly names: readonly HmmRegime[]
  readonly bic: number
}

/** To zero mean and unit variance, within plus and minus `clip`. */
export function scaledRows(rows: ArrayLike<number>, { center, deviation, clip }: HmmScale): Float64Array {
  const width = center.length
  return Float64Array.from(rows, (value, i) =>
    Math.min(Math.max((value - center[i % width]!) / deviation[i % width]!, -clip), clip),
  )
}

/** The regime to act on: that of a state the filter is sure of where the rules see nothing special, else theirs (BRN-03). */
export function refinedRegime(rules: BrainRegime, { regime, probability }: HmmOutput): BrainRegime {
  return rules === 'Normal' && probability >= SURE ? BRAIN_REGIME_OF[regime] : rules
}

export function fittedHmm({ parameters, scale, columns, names, bic }: HmmParts): FittedHmm {
  const { states, width, initial, transition, means, covariances } = parameters
  const emission = emissionOf(parameters)
  return {
    kind: 'hidden_markov_model',
    columns,
    names,
    bic,
    gaussians: Array.from({ length: states }, (_, state) => ({
      mean: Float64Array.from(scale.center, (center, c) => center + scale.deviation[c]! * means[state * width + c]!),
      covariance: Float64Array.from({ length: width * width }, (_, i) => {
        const unit = scale.deviation[Math.floor(i / width)]! * scale.deviation[i % width]!
        return unit * covariances[state * width * width + i]!
      }),
    })),
    init: () => ({ sequence: null, predicted: [...initial] }),
    step(state, { sequence, values }) {
      if (values.length !== width || !values.every(Number.isFinite)) {
        throw new Fault('HMM_INPUT', `the regime model reads ${width} finite numbers, not [${values.join(', ')}]`, {
          fix: `give ${columns.join(', ')}`,
        })
      }
      if (state.predicted.length !== states) {
        throw new Fault(
          'MODEL_STATE_INVALID',
          `the state is of a model of ${state.predicted.length} states, not ${states}`,
          {
            fix: 'begin with init() after another model has come in',
          },
        )
      }
      const filtered = new Float64Array(states)
      const predicted = state.sequence === sequence ? Float64Array.from(state.predicted) : initial
      filterRow(emission, scaledRows(values, scale), 0, predicted, filtered)
      const next = new Float64Array(states)
      predictNext(transition, filtered, next)
      const likeliest = filtered.indexOf(Math.max(...filtered))
      return {
        state: { sequence, predicted: [...next] },
        output: {
          probabilities: [...filtered],
          likeliest,
          regime: names[likeliest]!,
          probability: filtered[likeliest]!,
        },
      }
    },
    logLikelihood: sequences =>
      sequences.reduce((sum, rows) => sum + filterSequence(emission, scaledRows(rows, scale)).logLikelihood, 0),
    smooth: rows => smoothed(emission, filterSequence(emission, scaledRows(rows, scale))),
    path: rows => likeliestPath(emission, scaledRows(rows, scale)),
    toGraph: (input, prefix) =>
      hmmGraph(
        parameters,
        { center: scale.center, inverse: scale.deviation.map(value => 1 / value), clip: scale.clip },
        input,
        prefix,
      ),
    save: () => ({
      kind: 'hidden_markov_model',
      columns: [...columns],
      names: [...names],
      bic,
      states,
      initial: [...initial],
      transition: [...transition],
      means: [...means],
      covariances: [...covariances],
      center: [...scale.center],
      deviation: [...scale.deviation],
      clip: scale.clip,
    }),
  }
}

const numbers = z.array(z.number())
const savedHmm = z.object({
  kind: z.literal('hidden_markov_model'),
  columns: z.array(z.enum(HMM_COLUMNS)).min(1),
  names: z.array(z.enum(['BULL_TREND', 'BEAR_TREND', 'RISK_OFF', 'ROTATION', 'CHOP'])),
  bic: z.number(),
  states: z.int().min(1),
  initial: numbers,
  transition: numbers,
  means: numbers,
  covariances: numbers,
  center: numbers,
  deviation: z.array(z.number().positive()),
  clip: z.number().positive(),
})

/** The inverse of `save`. Faults: `MODEL_STATE_INVALID`. */
export function loadHmm(saved: Saved): FittedHmm {
  const invalid = (what: string): Fault => new Fault('MODEL_STATE_INVALID', `this is no saved regime model: ${what}`)
  const read = savedHmm.safeParse(saved)
  if (!read.success) throw invalid(z.prettifyError(read.error))
  const { columns, names, bic, states, center, deviation, clip, ...rest } = read.data
  const width = columns.length
  const sizes: readonly (readonly [string, readonly unknown[], number])[] = [
    ['names', names, states],
    ['initial', rest.initial, states],
    ['transition', rest.transition, states * states],
    ['means', rest.means, states * width],
    ['covariances', rest.covariances, states * width * width],
    ['center', center, width],
    ['deviation', deviation, width],
  ]
  for (const [name, values, size] of sizes) {
    if (values.length !== size) throw invalid(`${name} has ${values.length} values, not ${size}`)
  }
  return fittedHmm({
    parameters: {
      states,
      width,
      initial: Float64Array.from(rest.initial),
      transition: Float64Array.from(rest.transition),
      means: Float64Array.from(rest.means),
      covariances: Float64Array.from(rest.covariances),
    },
    scale: { center: Float64Array.from(center), deviation: Float64Array.from(deviation), clip },
    columns,
    names,
    bic,
  })
}
