// The hidden Markov model of market regimes: fitted to sessions by Baum and Welch from ten starts, with as many states as the
// Bayesian information criterion bears, named by rules and kept in place from fit to fit (REG-01, REG-02).

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import type { Watch } from '../watch.ts'
import { type FittedHmm, type HmmScale, scaledRows } from './fitted-hmm.ts'
import { baumWelchRound } from './hmm-baum-welch.ts'
import type { HmmColumn } from './hmm-names.ts'
import type { HmmParameters } from './hmm-parameters.ts'
import { placed } from './hmm-places.ts'
import { startingPoint } from './hmm-start.ts'

export type HmmOptions = {
  /** Most states. */
  readonly states: number
  readonly starts: number
  /** A fit ends when a round gains less log-likelihood than this, or after `rounds`. */
  readonly tolerance: number
  readonly rounds: number
  /** Least variance in any direction, in variances of the whole column. */
  readonly floor: number
  /** Rows are kept within plus and minus this many standard deviations. */
  readonly clip: number
  /** Fewest rows to fit on (BRN-03). */
  readonly minRows: number
}

export const HMM_DEFAULTS: HmmOptions = Object.freeze({
  states: 5,
  starts: 10,
  tolerance: 1e-4,
  rounds: 200,
  floor: 1e-6,
  clip: 8,
  minRows: 2000,
})

export type HmmFit = {
  /** One per session in order of time, each row-major with `columns.length` values a row. */
  readonly sequences: readonly Float64Array[]
  readonly columns: readonly HmmColumn[]
  readonly rng: Rng
  readonly options?: Partial<HmmOptions>
  /** The model in use: matched states keep its names and come in its order. */
  readonly previous?: FittedHmm | undefined
  /** `train` is the negative log-likelihood per row of the best of each number of states, by that number. */
  readonly watch?: Watch | undefined
}

/**
 * The same rows, options and seed give the same model bit for bit.
 *
 * Faults: `TOO_FEW_ROWS`, `DEGENERATE_INPUT`.
 *
 * @example
 * const hmm = fitHmm({ sequences, columns: ['volatility', 'volumeRatio', 'trendStrength'], rng: seededRng(42) })
 * const { state, output } = hmm.step(hmm.init(), { sequence: '2024-03-04', values: [1.1, 0.9, -0.2] })
 * output.regime // 'CHOP'
 */
export function fitHmm({ sequences, columns, rng, options: given, previous, watch }: HmmFit): FittedHmm {
  const options = { ...HMM_DEFAULTS, ...given }
  const width = columns.length
  const scale = scaleOf(sequences, columns, options)
  const scaled = sequences.filter(({ length }) => length > 0).map(rows => scaledRows(rows, scale))
  const count = scaled.reduce((sum, { length }) => sum + length / width, 0)
  let best: (Climb & { readonly bic: number }) | undefined
  for (let states = 1; states <= options.states; states++) {
    const climb = bestClimb(scaled, width, states, options, rng.fork(`states ${states}`))
    watch?.({ curve: 'train', x: states, y: -climb.logLikelihood / count })
    const bic = -2 * climb.logLikelihood + freedom(states, width) * Math.log(count)
    if (best === undefined || bic < best.bic) best = { ...climb, bic }
  }
  const { parameters, bic } = best!
  return placed({ parameters, scale, columns, bic }, previous)
}

/** Free numbers of a model: starts, moves, means and covariances. */
export function freedom(states: number, width: number): number {
  return states - 1 + states * (states - 1) + states * width + (states * width * (width + 1)) / 2
}

export type Climb = {
  readonly parameters: HmmParameters
  readonly logLikelihood: number
  readonly history: readonly number[]
}

/** Rounds of Baum and Welch until they gain nothing more. `history` has the log-likelihood before each. */
export function climb(
  start: HmmParameters,
  sequences: readonly Float64Array[],
  { tolerance, rounds, floor }: Pick<HmmOptions, 'tolerance' | 'rounds' | 'floor'>,
): Climb {
  let parameters = start
  const history: number[] = []
  for (;;) {
    const round = baumWelchRound(parameters, sequences, floor)
    const gain = round.logLikelihood - (history.at(-1) ?? -Infinity)
    history.push(round.logLikelihood)
    if (gain < tolerance || history.length > rounds) return { parameters, logLikelihood: round.logLikelihood, history }
    parameters = round.parameters
  }
}

function bestClimb(
  sequences: readonly Float64Array[],
  width: number,
  states: number,
  options: HmmOptions,
  rng: Rng,
): Climb {
  const rows = new Float64Array(sequences.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const sequence of sequences) {
    rows.set(sequence, at)
    at += sequence.length
  }
  let best: Climb | undefined
  // One state has one maximum.
  for (let start = 0; start < (states === 1 ? 1 : options.starts); start++) {
    const from = startingPoint(rows, width, states, options.floor, rng.fork(`start ${start}`))
    const found = climb(from, sequences, options)
    if (best === undefined || found.logLikelihood > best.logLikelihood) best = found
  }
  return best!
}

function scaleOf(sequences: readonly Float64Array[], columns: readonly HmmColumn[], options: HmmOptions): HmmScale {
  const width = columns.length
  let count = 0
  for (const rows of sequences) {
    if (rows.length % width !== 0) throw new RangeError(`${rows.length} values are not rows of ${width}`)
    if (!rows.every(Number.isFinite)) throw new Fault('DEGENERATE_INPUT', 'a value of the regime model is not finite')
    count += rows.length / width
  }
  if (count < Math.max(2, options.minRows)) {
    throw new Fault('TOO_FEW_ROWS', `the regime model needs ${options.minRows} bars, there are ${count}`)
  }
  const center = new Float64Array(width)
  const deviation = new Float64Array(width)
  for (const rows of sequences) for (const [i, value] of rows.entries()) center[i % width]! += value / count
  for (const rows of sequences) {
    for (const [i, value] of rows.entries()) deviation[i % width]! += (value - center[i % width]!) ** 2 / count
  }
  for (const [c, squares] of deviation.entries()) {
    const spread = Math.sqrt(squares)
    deviation[c] = spread
    if (spread > 1e-12 * Math.abs(center[c]!)) continue
    throw new Fault('DEGENERATE_INPUT', `${columns[c]} is the same in every row`, { fix: `leave ${columns[c]} out` })
  }
  return { center, deviation, clip: options.clip }
}
