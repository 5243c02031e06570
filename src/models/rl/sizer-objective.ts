// What the sizer minimises. The R of a trade is known for every size, so the gradient is exact: nothing is sampled or estimated.

import { tailCount } from '../../math/cvar.ts'
import { compile, type Graph } from '../../tensor/evaluate.ts'
import { add, mul, sub } from '../../tensor/ops/arithmetic.ts'
import { relu } from '../../tensor/ops/elementwise.ts'
import { cvar, mean } from '../../tensor/ops/reductions.ts'
import { constant, input } from '../../tensor/tensor.ts'
import { type NetWidths, sizeTensor } from './sizer-net.ts'

export type SizerObjective = {
  /** Tail share of the CVaR. */
  readonly alpha: number
  /** How many R of mean one R of CVaR above the limit costs. */
  readonly lambda: number
  /** Share of a trade's slippage that each unit of size above 1 costs again (RL-01). */
  readonly kappa: number
}

/**
 * `-mean(a*R - kappa*max(0, a-1)*slipR) + lambda*max(0, CVaR_alpha(-a*R) - limit)` over `rows` rows.
 *
 * Feeds: `x` `[rows, inputs]`, `r` and `slip` `[rows, 1]` in R, `limit` `[]` in R, and the weights.
 */
export function sizerLoss(rows: number, widths: NetWidths, { alpha, lambda, kappa }: SizerObjective): Graph {
  const size = sizeTensor(input('x', [rows, widths[0]!]), widths)
  const result = mul(size, input('r', [rows, 1]))
  const extra = relu(sub(size, constant([], [1])))
  const cost = mul(constant([], [kappa]), mul(extra, input('slip', [rows, 1])))
  const tail = cvar(sub(constant([], [0]), result), tailCount(alpha, rows))
  const excess = relu(sub(tail, input('limit', [])))
  return compile(add(mean(sub(cost, result)), mul(constant([], [lambda]), excess)))
}
