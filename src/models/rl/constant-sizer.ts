// The sizer that has learnt nothing: one size whatever the row. It stands in where a fitted one is not worth its risk (RL-07).

import { floatTensor, int64Tensor, intAttr, node } from '../../onnx/build.ts'
import type { Exportable } from '../graph.ts'

/**
 * Exactly `value` (as float32) for every row of finite inputs; whoever publishes it marks it `baseline`.
 *
 * @example
 * constantSizer().toGraph('input', 'p0_').outputs // 1
 */
export function constantSizer(value = 1): Exportable {
  return {
    toGraph(input, prefix) {
      const [first, zero, size] = [`${prefix}first`, `${prefix}zero`, `${prefix}size`]
      return {
        // The result must depend on the input to be of its batch size: its first column times 0, plus the value.
        nodes: [
          node('Gather', [input, `${prefix}column`], [first], { axis: intAttr(1) }),
          node('Mul', [first, `${prefix}nothing`], [zero]),
          node('Add', [zero, `${prefix}value`], [size]),
        ],
        initializers: [
          int64Tensor(`${prefix}column`, [1], [0]),
          floatTensor(`${prefix}nothing`, [], [0]),
          floatTensor(`${prefix}value`, [], [value]),
        ],
        output: size,
        outputs: 1,
      }
    },
  }
}
