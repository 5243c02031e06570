// The direction model as ONNX, with the LSTM operator: over a whole window from zeros, and one bar at a time with its state.

import { floatTensor, int64Tensor, intAttr, intsAttr, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import type { GraphPart } from '../graph.ts'
import { type ColumnScaling, scalingGraph } from './column-scaling.ts'
import type { CellWeights } from './lstm-cell.ts'
import { CLASSES, type DirectionWeights } from './lstm-direction-net.ts'

export type DirectionGraph = {
  readonly weights: DirectionWeights
  readonly scaling: ColumnScaling
  readonly temperature: number
  readonly lookback: number
}

/** Ours are input, forget, output, candidate; the operator's input, output, forget, candidate. */
const GATES = [0, 2, 1, 3]

/** [rows, 4 * units] as the operator's [1, 4 * units, rows]. */
function gateRows(values: Float64Array, rows: number, units: number): Float64Array {
  const turned = new Float64Array(values.length)
  for (const [place, gate] of GATES.entries()) {
    for (let unit = 0; unit < units; unit++) {
      for (let row = 0; row < rows; row++) {
        turned[(place * units + unit) * rows + row] = values[row * 4 * units + gate * units + unit]!
      }
    }
  }
  return turned
}

function cellTensors(
  { inputs, units, input, recurrent, bias }: CellWeights,
  name: (part: string) => string,
): OnnxTensor[] {
  const gates = 4 * units
  const biases = new Float64Array(2 * gates)
  biases.set(gateRows(bias, 1, units))
  return [
    floatTensor(name('w'), [1, gates, inputs], gateRows(input, inputs, units)),
    floatTensor(name('r'), [1, gates, units], gateRows(recurrent, units, units)),
    floatTensor(name('b'), [1, 2 * gates], biases),
    int64Tensor(name('first'), [1], [0]),
  ]
}

/** From `shown` [batch, units] to `probabilities` [batch, 3]. */
function classPart(
  { weights, temperature }: DirectionGraph,
  name: (part: string) => string,
): Pick<GraphPart, 'nodes' | 'initializers'> {
  const { units, dense, denseBias } = weights
  return {
    initializers: [
      floatTensor(name('dense'), [units, CLASSES], dense),
      floatTensor(name('denseBias'), [CLASSES], denseBias),
      floatTensor(name('coolness'), [], [1 / temperature]),
    ],
    nodes: [
      node('Gemm', [name('shown'), name('dense'), name('denseBias')], [name('logits')]),
      node('Mul', [name('logits'), name('coolness')], [name('cooled')]),
      node('Softmax', [name('cooled')], [name('probabilities')], { axis: intAttr(1) }),
    ],
  }
}

/** `[batch, lookback * columns]`, the oldest bar first, to `[batch, 3]`. */
export function windowGraph(graph: DirectionGraph, input: string, prefix: string): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const { weights, lookback } = graph
  const scaled = scalingGraph(graph.scaling, lookback, input, name('scale_'))
  const classes = classPart(graph, name)
  return {
    initializers: [
      ...scaled.initializers,
      int64Tensor(name('shape'), [3], [-1, lookback, weights.inputs]),
      ...cellTensors(weights, name),
      ...classes.initializers,
    ],
    nodes: [
      ...scaled.nodes,
      node('Reshape', [scaled.output, name('shape')], [name('bars')]),
      node('Transpose', [name('bars')], [name('times')], { perm: intsAttr([1, 0, 2]) }),
      node('LSTM', ['times', 'w', 'r', 'b'].map(name), ['', name('last')], { hidden_size: intAttr(weights.units) }),
      node('Squeeze', [name('last'), name('first')], [name('shown')]),
      ...classes.nodes,
    ],
    output: name('probabilities'),
    outputs: CLASSES,
  }
}

/** `[batch, columns + 2 * units]`: a bar, then the hidden state and the cell before it; to `[batch, 3 + 2 * units]` with those after it. */
export function stepGraph(graph: DirectionGraph, input: string, prefix: string): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const { inputs, units } = graph.weights
  const parts: readonly (readonly [string, number, number])[] = [
    ['bar', 0, inputs],
    ['hidden', inputs, inputs + units],
    ['cell', inputs + units, inputs + 2 * units],
  ]
  const scaled = scalingGraph(graph.scaling, 1, name('bar'), name('scale_'))
  const classes = classPart(graph, name)
  const ahead = (part: string, to: string): OnnxNode => node('Unsqueeze', [part, name('first')], [name(to)])
  const dropped = (part: string, to: string): OnnxNode => node('Squeeze', [name(part), name('first')], [name(to)])
  return {
    initializers: [
      ...parts.flatMap(([part, from, to]) => [
        int64Tensor(name(`${part}From`), [1], [from]),
        int64Tensor(name(`${part}To`), [1], [to]),
      ]),
      int64Tensor(name('columns'), [1], [1]),
      ...scaled.initializers,
      ...cellTensors(graph.weights, name),
      ...classes.initializers,
    ],
    nodes: [
      ...parts.map(([part]) =>
        node('Slice', [input, name(`${part}From`), name(`${part}To`), name('columns')], [name(part)]),
      ),
      ...scaled.nodes,
      ahead(scaled.output, 'time'),
      ahead(name('hidden'), 'hidden0'),
      ahead(name('cell'), 'cell0'),
      node(
        'LSTM',
        [...['time', 'w', 'r', 'b'].map(name), '', name('hidden0'), name('cell0')],
        ['', name('hidden1'), name('cell1')],
        { hidden_size: intAttr(units) },
      ),
      dropped('hidden1', 'shown'),
      dropped('cell1', 'kept'),
      ...classes.nodes,
      node('Concat', ['probabilities', 'shown', 'kept'].map(name), [name('result')], { axis: intAttr(1) }),
    ],
    output: name('result'),
    outputs: CLASSES + 2 * units,
  }
}
