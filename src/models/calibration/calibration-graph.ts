// A calibration as graph nodes: ramps and sigmoids of all classes side by side, floored, and rows that sum to 1.

import { boolTensor, floatTensor, int64Tensor, intAttr, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import type { GraphPart } from '../graph.ts'
import { type CalibrationState, SMALLEST_PROBABILITY } from './class-calibration.ts'
import { IDENTITY } from './ramps.ts'

export function calibrationGraph({ classes }: CalibrationState, input: string, prefix: string): GraphPart {
  const count = classes.length
  const ramps = classes.map(own => (own.method === 'isotonic' ? own.ramps : IDENTITY))
  const sigmoids = classes.map(own => (own.method === 'sigmoid' ? own.sigmoid : { slope: 0, shift: 0 }))
  // Classes have different numbers of ramps; those missing rise nowhere.
  const most = Math.max(1, ...ramps.map(own => own.starts.length))
  const table = (of: (own: (typeof ramps)[number]) => readonly number[]): number[] =>
    ramps.flatMap(own => Array.from({ length: most }, (_, i) => of(own)[i] ?? 0))

  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  const constant = (tensor: OnnxTensor): string => {
    initializers.push(tensor)
    return tensor.name
  }
  const step = (opType: string, name: string, ...inputs: string[]): string => {
    nodes.push(node(opType, inputs, [`${prefix}${name}`]))
    return `${prefix}${name}`
  }
  const grid = (name: string, values: readonly number[]) =>
    constant(floatTensor(`${prefix}${name}`, [count, most], values))
  const row = (name: string, values: readonly number[]) => constant(floatTensor(`${prefix}${name}`, [count], values))
  const single = (name: string, value: number) => constant(floatTensor(`${prefix}${name}`, [], [value]))

  const last = constant(int64Tensor(`${prefix}last`, [1], [2]))
  const apart = step('Unsqueeze', 'apart', input, last)
  const along = step(
    'Sub',
    'along',
    apart,
    grid(
      'starts',
      table(own => own.starts),
    ),
  )
  const begun = step('Max', 'begun', along, single('zero', 0))
  const inside = step(
    'Min',
    'inside',
    begun,
    grid(
      'spans',
      table(own => own.spans),
    ),
  )
  const risen = step(
    'Mul',
    'risen',
    inside,
    grid(
      'slopes',
      table(own => own.slopes),
    ),
  )
  nodes.push(node('ReduceSum', [risen, last], [`${prefix}rise`], { keepdims: intAttr(0) }))
  let corrected = step(
    'Add',
    'ramps',
    `${prefix}rise`,
    row(
      'base',
      ramps.map(own => own.base),
    ),
  )
  if (classes.some(own => own.method === 'sigmoid')) {
    const steep = step(
      'Mul',
      'steep',
      input,
      row(
        'slope',
        sigmoids.map(own => own.slope),
      ),
    )
    const odds = step(
      'Add',
      'odds',
      steep,
      row(
        'shift',
        sigmoids.map(own => own.shift),
      ),
    )
    const flags = boolTensor(
      `${prefix}is_sigmoid`,
      [count],
      classes.map(own => own.method === 'sigmoid'),
    )
    corrected = step('Where', 'corrected', constant(flags), step('Sigmoid', 'sigmoid', odds), corrected)
  }
  const floored = step('Max', 'floored', corrected, single('smallest', SMALLEST_PROBABILITY))
  const columns = constant(int64Tensor(`${prefix}columns`, [1], [1]))
  nodes.push(node('ReduceSum', [floored, columns], [`${prefix}total`], { keepdims: intAttr(1) }))
  return { nodes, initializers, output: step('Div', 'probabilities', floored, `${prefix}total`), outputs: count }
}
