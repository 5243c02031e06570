// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), unrolled over time. The way back
// is written out: what it needs of all times is worked out at once, and so are the gradients of the weights; only six operations
// are left to be done time by time.

import { constant, filled, sameShape, shapeFault, type Tensor } from '../tensor.ts'
import { add, mul, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { sigmoid, tanh } from './elementwise.ts'
import { linear, matmul } from './matmul.ts'
import { reshape, transpose } from './reshape.ts'
import { concat, slice, split } from './slice.ts'
import { withGradient } from './with-gradient.ts'

export type LstmWeights = {
  /** [inputs, 4 * units]: input, forget and output gate and the candidate, side by side. */
  readonly input: Tensor
  /** [units, 4 * units] */
  readonly recurrent: Tensor
  /** [4 * units] */
  readonly bias: Tensor
}

export type LstmResult = {
  /** `all` gives the hidden state after each time, `last` only that after the last one. */
  readonly result?: 'all' | 'last'
  /** Where it sets out from instead of zeros, both [batch, units]. No gradient passes into it: the way back is truncated there. */
  readonly initial?: LstmState
}

export type LstmState = { readonly hidden: Tensor; readonly cell: Tensor }

/** What one time leaves for the way back; all are [batch, ...]. */
type Time = {
  readonly gates: Tensor
  readonly forgetting: Tensor
  readonly candidate: Tensor
  readonly cellBefore: Tensor
  readonly hiddenBefore: Tensor
  /** tanh of the cell. */
  readonly shown: Tensor
  readonly hidden: Tensor
}

const one = constant([], [1])
const slopeOfTanh = (y: Tensor): Tensor => sub(one, mul(y, y))

/** @param projected the inputs' part of the gates before they are squashed, [batch, 4 * units], for each time */
function forwards(
  projected: readonly Tensor[],
  recurrent: Tensor,
  batch: number,
  units: number,
  initial: LstmState | undefined,
): readonly Time[] {
  const times: Time[] = []
  let hidden = initial?.hidden ?? filled([batch, units], 0)
  let cell = initial?.cell ?? filled([batch, units], 0)
  for (const given of projected) {
    const isFromZero = times.length === 0 && initial === undefined
    const raw = isFromZero ? given : linear(hidden, recurrent, given)
    const gates = sigmoid(slice(raw, 1, 0, 3 * units))
    const candidate = tanh(slice(raw, 1, 3 * units, 4 * units))
    const [entering, forgetting, leaving] = split(gates, 1, 3) as [Tensor, Tensor, Tensor]
    const [cellBefore, hiddenBefore] = [cell, hidden]
    const entered = mul(entering, candidate)
    cell = isFromZero ? entered : add(mul(forgetting, cellBefore), entered)
    const shown = tanh(cell)
    hidden = mul(leaving, shown)
    times.push({ gates, forgetting, candidate, cellBefore, hiddenBefore, shown, hidden })
  }
  return times
}

/**
 * The gradient of the gates before they are squashed, all times behind each other: [times * batch, 4 * units].
 *
 * @param upstream the gradient of the hidden state that comes from outside at each time
 */
function backwards(times: readonly Time[], recurrent: Tensor, upstream: (time: number) => Tensor | undefined): Tensor {
  const all = (part: (time: Time) => Tensor): Tensor => concat(times.map(part), 0)
  const [gates, candidate, shown] = [all(time => time.gates), all(time => time.candidate), all(time => time.shown)]
  const [entering, , leaving] = split(gates, 1, 3) as [Tensor, Tensor, Tensor]
  // What each gate is multiplied with, times its slope.
  const partners = concat([candidate, all(time => time.cellBefore), shown, entering], 1)
  const slopes = concat([mul(gates, sub(one, gates)), slopeOfTanh(candidate)], 1)
  const factors = split(mul(partners, slopes), 0, times.length)
  const toCell = split(mul(leaving, slopeOfTanh(shown)), 0, times.length)

  const raws: Tensor[] = []
  let cellGradient: Tensor | undefined
  for (let time = times.length - 1; time >= 0; time--) {
    const later = raws[0]
    const outside = upstream(time)
    const hiddenGradient =
      later === undefined
        ? outside!
        : outside === undefined
          ? matmul(later, recurrent, { right: true })
          : linear(later, recurrent, outside, { right: true })
    const direct = mul(hiddenGradient, toCell[time]!)
    const cell: Tensor = cellGradient === undefined ? direct : add(direct, cellGradient)
    raws.unshift(mul(concat([cell, cell, hiddenGradient, cell], 1), factors[time]!))
    cellGradient = mul(cell, times[time]!.forgetting)
  }
  return concat(raws, 0)
}

/**
 * Hidden states, from a state of zeros where no other is given.
 *
 * @param x [batch, times, inputs]
 * @returns [batch, units], or [batch, times, units] for `all`
 * @example
 * const weights = { input: parameter('w', [17, 200]), recurrent: parameter('r', [50, 200]), bias: parameter('b', [200]) }
 * lstm(input('x', [64, 60, 17]), weights).shape // [64, 50]
 */
export function lstm(x: Tensor, weights: LstmWeights, { result = 'last', initial }: LstmResult = {}): Tensor {
  const { input, recurrent, bias } = weights
  const [batch, count, inputs] = x.shape
  const units = recurrent.shape[0]
  if (
    x.shape.length !== 3 ||
    batch === undefined ||
    count === undefined ||
    inputs === undefined ||
    units === undefined
  ) {
    throw shapeFault('lstm', [x.shape, recurrent.shape], 'wants [batch, times, inputs] and [units, 4 * units]')
  }
  for (const state of initial === undefined ? [] : [initial.hidden, initial.cell]) {
    if (!sameShape(state.shape, [batch, units]))
      throw shapeFault('lstm', [state.shape], `wants a state of [${batch}, ${units}]`)
  }
  const rows = reshape(transpose(x, [1, 0, 2]), [count * batch, inputs])
  const times = forwards(split(linear(rows, input, bias), 0, count), recurrent, batch, units, initial)
  const inTime = (values: Tensor, width: number): Tensor => transpose(reshape(values, [count, batch, width]), [1, 0, 2])
  const value =
    result === 'last'
      ? times.at(-1)!.hidden
      : inTime(
          concat(
            times.map(time => time.hidden),
            0,
          ),
          units,
        )
  return withGradient(value, [x, input, recurrent, bias], gradient => {
    const parts =
      result === 'last' ? [] : split(reshape(transpose(gradient, [1, 0, 2]), [count * batch, units]), 0, count)
    const raw = backwards(times, recurrent, time => (result === 'last' && time === count - 1 ? gradient : parts[time]))
    const before = concat(
      times.map(time => time.hiddenBefore),
      0,
    )
    return [
      inTime(matmul(raw, input, { right: true }), inputs),
      matmul(rows, raw, { left: true }),
      matmul(before, raw, { left: true }),
      sumTo(raw, bias.shape),
    ]
  })
}
