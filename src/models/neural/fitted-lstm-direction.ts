// A fitted direction model: one step a bar with carried state, whole windows, its graphs, and its weights as plain data.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { Reproducible } from '../../tensor/training.ts'
import type { Exportable, GraphPart } from '../graph.ts'
import type { Saved } from '../model.ts'
import type { Stepwise } from '../stepwise.ts'
import { type ColumnScaling, scaledColumns } from './column-scaling.ts'
import { DIRECTIONS, type Direction } from './direction-labels.ts'
import { cellStep } from './lstm-cell.ts'
import { type DirectionGraph, stepGraph, windowGraph } from './lstm-direction-graph.ts'
import { CLASSES, type DirectionShape, directionWeights } from './lstm-direction-net.ts'

/** After the last bar; `sequence` is its session, null before any. */
export type LstmState = {
  readonly sequence: string | null
  readonly hidden: readonly number[]
  readonly cell: readonly number[]
}

export type LstmInput = {
  /** Session of the bar. Another one than the last begins from zeros; daily bars have one for ever. */
  readonly sequence: string
  /** Raw columns; NaN is a missing value. */
  readonly values: ArrayLike<number>
}

export type LstmOutput = {
  /** Of Down, Sideways and Up; they sum to 1. */
  readonly probabilities: readonly number[]
  readonly direction: Direction
  readonly probability: number
}

/**
 * `step` is for a model trained with carried memory. One trained on windows has never been asked about a longer past than its window:
 * `predict` asks it what it has learnt.
 */
export interface FittedLstmDirection extends Exportable, Stepwise<LstmState, LstmInput, LstmOutput> {
  readonly kind: 'lstm_direction'
  readonly columns: readonly string[]
  readonly shape: DirectionShape
  readonly temperature: number
  /** What the device that fitted it can promise (TENSOR-04). */
  readonly reproducible: Reproducible
  /**
   * From zeros over whole windows.
   *
   * @param windows row-major, `count * lookback * columns`, the oldest bar first
   * @returns `count * 3` probabilities
   */
  predict(windows: Float32Array, count: number): Float32Array
  /** The step: `[batch, columns + 2 * units]` to `[batch, 3 + 2 * units]`. `toGraph` is the window. */
  toStepGraph(input: string, prefix: string): GraphPart
  save(): Saved
}

export type LstmDirectionParts = DirectionGraph & {
  readonly columns: readonly string[]
  readonly memory: DirectionShape['memory']
  readonly reproducible: Reproducible
}

/** What the last layer says of a hidden state. */
export function logitsOf({ weights }: Pick<DirectionGraph, 'weights'>, hidden: Float64Array): Float64Array {
  const logits = weights.denseBias.slice()
  for (let unit = 0; unit < weights.units; unit++) {
    for (let k = 0; k < CLASSES; k++) logits[k]! += hidden[unit]! * weights.dense[unit * CLASSES + k]!
  }
  return logits
}

function softmaxOf(logits: Float64Array, temperature: number): Float64Array {
  const largest = Math.max(...logits)
  const shares = logits.map(logit => Math.exp((logit - largest) / temperature))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map(share => share / total)
}

export function fittedLstmDirection(parts: LstmDirectionParts): FittedLstmDirection {
  const { columns, weights, scaling, temperature, lookback, memory, reproducible } = parts
  const { units } = weights
  const width = columns.length
  const raw = new Float64Array(4 * units)
  return {
    kind: 'lstm_direction',
    columns,
    shape: { inputs: width, units, lookback, memory },
    temperature,
    reproducible,
    init: () => ({ sequence: null, hidden: Array<number>(units).fill(0), cell: Array<number>(units).fill(0) }),
    step(state, { sequence, values }) {
      if (values.length !== width) {
        throw new Fault('LSTM_INPUT', `the direction model reads ${width} columns, the bar has ${values.length}`, {
          fix: `give ${columns.join(', ')}`,
        })
      }
      if (state.hidden.length !== units || state.cell.length !== units) {
        throw new Fault('MODEL_STATE_INVALID', `the state is of ${state.hidden.length} units, the model has ${units}`, {
          fix: 'begin with init() after another model has come in',
        })
      }
      const isSame = state.sequence === sequence
      const hidden = isSame ? Float64Array.from(state.hidden) : new Float64Array(units)
      const cell = isSame ? Float64Array.from(state.cell) : new Float64Array(units)
      cellStep(weights, scaledColumns(values, scaling), 0, hidden, cell, raw)
      const probabilities = [...softmaxOf(logitsOf(parts, hidden), temperature)]
      const likeliest = probabilities.indexOf(Math.max(...probabilities))
      return {
        state: { sequence, hidden: [...hidden], cell: [...cell] },
        output: { probabilities, direction: DIRECTIONS[likeliest]!, probability: probabilities[likeliest]! },
      }
    },
    predict(windows, count) {
      if (windows.length !== count * lookback * width) {
        throw new RangeError(`${windows.length} values are not ${count} windows of ${lookback} bars of ${width}`)
      }
      const scaled = scaledColumns(windows, scaling)
      const result = new Float32Array(count * CLASSES)
      for (let window = 0; window < count; window++) {
        const [hidden, cell] = [new Float64Array(units), new Float64Array(units)]
        for (let bar = 0; bar < lookback; bar++) {
          cellStep(weights, scaled, (window * lookback + bar) * width, hidden, cell, raw)
        }
        result.set(softmaxOf(logitsOf(parts, hidden), temperature), window * CLASSES)
      }
      return result
    },
    toGraph: (input, prefix) => windowGraph(parts, input, prefix),
    toStepGraph: (input, prefix) => stepGraph(parts, input, prefix),
    save: () => ({
      kind: 'lstm_direction',
      columns: [...columns],
      memory,
      lookback,
      units,
      temperature,
      reproducible,
      scaling: { center: [...scaling.center], inverse: [...scaling.inverse], clip: scaling.clip },
      weights: Object.fromEntries(WEIGHTS.map(name => [name, [...weights[name]]])),
    }),
  }
}

const WEIGHTS = ['input', 'recurrent', 'bias', 'dense', 'denseBias'] as const

const numbers = z.array(z.number())
const savedLstm = z.object({
  kind: z.literal('lstm_direction'),
  columns: z.array(z.string()).min(1),
  memory: z.enum(['window', 'carried']),
  lookback: z.int().min(1),
  units: z.int().min(1),
  temperature: z.number().positive(),
  /** States from before it was kept come of a CPU. */
  reproducible: z.enum(['exact', 'tolerance']).default('exact'),
  scaling: z.object({ center: numbers, inverse: numbers, clip: z.number().positive() }),
  weights: z.object({ input: numbers, recurrent: numbers, bias: numbers, dense: numbers, denseBias: numbers }),
})

/** The inverse of `save`. Faults: `MODEL_STATE_INVALID`. */
export function loadLstmDirection(saved: Saved): FittedLstmDirection {
  const invalid = (what: string): Fault => new Fault('MODEL_STATE_INVALID', `this is no saved direction model: ${what}`)
  const read = savedLstm.safeParse(saved)
  if (!read.success) throw invalid(z.prettifyError(read.error))
  const { columns, memory, lookback, units, temperature, reproducible, scaling, weights } = read.data
  const inputs = columns.length
  const sizes: readonly (readonly [string, readonly number[], number])[] = [
    ['center', scaling.center, inputs],
    ['inverse', scaling.inverse, inputs],
    ['input', weights.input, inputs * 4 * units],
    ['recurrent', weights.recurrent, units * 4 * units],
    ['bias', weights.bias, 4 * units],
    ['dense', weights.dense, units * CLASSES],
    ['denseBias', weights.denseBias, CLASSES],
  ]
  for (const [name, values, size] of sizes) {
    if (values.length !== size) throw invalid(`${name} has ${values.length} values, not ${size}`)
  }
  const restored: ColumnScaling = scaling
  return fittedLstmDirection({
    columns,
    memory,
    lookback,
    temperature,
    reproducible,
    scaling: restored,
    weights: directionWeights({ inputs, units, lookback, memory }, weights),
  })
}
