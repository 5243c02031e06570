// One step of a long short-term memory in plain loops, float64. The weights are laid out as the tensor engine trains them.

export type CellWeights = {
  readonly inputs: number
  readonly units: number
  /** [inputs, 4 * units]: input, forget and output gate and the candidate, side by side. */
  readonly input: Float64Array
  /** [units, 4 * units] */
  readonly recurrent: Float64Array
  /** [4 * units] */
  readonly bias: Float64Array
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * Replaces `hidden` and `cell` by those after the row (Hochreiter and Schmidhuber 1997, forget gate of Gers et al. 2000).
 *
 * @param raw room for `4 * units` values
 */
export function cellStep(
  { inputs, units, input, recurrent, bias }: CellWeights,
  rows: ArrayLike<number>,
  at: number,
  hidden: Float64Array,
  cell: Float64Array,
  raw: Float64Array,
): void {
  const gates = 4 * units
  raw.set(bias)
  for (let k = 0; k < inputs; k++) {
    const value = rows[at + k]!
    if (value !== 0) for (let gate = 0; gate < gates; gate++) raw[gate]! += value * input[k * gates + gate]!
  }
  for (let k = 0; k < units; k++) {
    const value = hidden[k]!
    if (value !== 0) for (let gate = 0; gate < gates; gate++) raw[gate]! += value * recurrent[k * gates + gate]!
  }
  for (let unit = 0; unit < units; unit++) {
    const entering = sigmoid(raw[unit]!) * Math.tanh(raw[3 * units + unit]!)
    const kept = sigmoid(raw[units + unit]!) * cell[unit]! + entering
    cell[unit] = kept
    hidden[unit] = sigmoid(raw[2 * units + unit]!) * Math.tanh(kept)
  }
}
