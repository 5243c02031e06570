// The prelude as graph nodes: the same float32 steps that `transform` takes.

import { boolTensor, floatAttr, floatsAttr, floatTensor, int64Tensor, intAttr, node } from '../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../onnx/model.ts'
import type { GraphPart } from './graph.ts'
import type { LevelMap } from './prelude-levels.ts'
import { type PreludeState, RAW_BOUND, SMALLEST } from './prelude-state.ts'

export function preludeGraph(state: PreludeState, levels: LevelMap, input: string, prefix: string): GraphPart {
  const width = state.columns.length
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  const constant = (tensor: OnnxTensor): string => {
    initializers.push(tensor)
    return tensor.name
  }
  const row = (name: string, values: readonly number[]) => constant(floatTensor(`${prefix}${name}`, [width], values))
  const single = (name: string, value: number) => constant(floatTensor(`${prefix}${name}`, [], [value]))
  const flags = (name: string, of: readonly number[]) =>
    constant(
      boolTensor(
        `${prefix}${name}`,
        [width],
        of.map(value => value >= 0),
      ),
    )
  const step = (opType: string, name: string, ...inputs: string[]): string => {
    nodes.push(node(opType, inputs, [`${prefix}${name}`]))
    return `${prefix}${name}`
  }
  /** Rows with the columns at `places`; where a place is -1 the value does not matter. */
  const pick = (name: string, from: string, places: readonly number[]): string => {
    const indices = constant(
      int64Tensor(
        `${prefix}${name}_columns`,
        [width],
        places.map(place => Math.max(place, 0)),
      ),
    )
    nodes.push(node('Gather', [from, indices], [`${prefix}${name}`], { axis: intAttr(1) }))
    return `${prefix}${name}`
  }

  const filling = { imputed_value_floats: floatsAttr(state.fill), replaced_value_float: floatAttr(Number.NaN) }
  nodes.push(node('Imputer', [input], [`${prefix}filled`], filling, { domain: 'ai.onnx.ml' }))
  const raw = step('Clip', 'raw', `${prefix}filled`, single('raw_low', -RAW_BOUND), single('raw_high', RAW_BOUND))

  const smallest = single('smallest', SMALLEST)
  const away = pick('away_any', raw, levels.subtrahend)
  const subtrahend = step('Where', 'away', flags('has_away', levels.subtrahend), away, row('zeros', zeros(width)))
  const under = step('Max', 'under_any', pick('under_raw', raw, levels.divisor), smallest)
  const divisor = step('Where', 'under', flags('has_under', levels.divisor), under, row('ones', ones(width)))
  const difference = step('Sub', 'difference', pick('level', raw, levels.minuend), subtrahend)
  let mapped = step('Div', 'ratio', difference, divisor)
  if (state.logs) {
    const plus = row(
      'log_plus',
      levels.log.map(value => Math.max(value, 0)),
    )
    const positive = step('Max', 'log_of', step('Add', 'log_sum', mapped, plus), smallest)
    mapped = step('Where', 'mapped', flags('has_log', levels.log), step('Log', 'log', positive), mapped)
  }
  const centred = step('Sub', 'centred', mapped, row('mean', state.mean))
  const scaled = step('Mul', 'scaled', centred, row('inverse', state.inverse))
  const output = step('Clip', 'inputs', scaled, single('low', -state.clip), single('high', state.clip))
  return { nodes, initializers, output, outputs: width }
}

const zeros = (width: number): number[] => Array<number>(width).fill(0)
const ones = (width: number): number[] => Array<number>(width).fill(1)
