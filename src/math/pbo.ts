// Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado and Zhu 2017): how
// often the strategy that was best on one half of the blocks is below the median on the other half (LEDGER-03).

/** LEDGER-03. */
export const PBO_BLOCKS = 16

/** Results of strategies, reduced to what their Sharpe ratio over any union of blocks needs. */
export type BlockSums = {
  /** Even. */
  readonly blocks: number
  readonly strategies: number
  /** Sum of the results, `strategy * blocks + block`. */
  readonly sums: Float64Array
  /** Sum of their squares, in the same order. */
  readonly squares: Float64Array
}

/**
 * Sums of one strategy's results over blocks of consecutive periods, as equal as they can be.
 *
 * @returns `[sums, squares]`, one value a block
 * @example
 * sumsByBlock([1, 2, 3, 4], 2) // [Float64Array [3, 7], Float64Array [5, 25]]
 */
export function sumsByBlock(results: ArrayLike<number>, blocks = PBO_BLOCKS): [Float64Array, Float64Array] {
  const sums = new Float64Array(blocks)
  const squares = new Float64Array(blocks)
  for (let period = 0; period < results.length; period++) {
    const block = Math.floor((period * blocks) / results.length)
    const value = results[period]!
    sums[block]! += value
    squares[block]! += value * value
  }
  return [sums, squares]
}

/** @param columns one of equal length for each strategy */
export function blockSums(columns: readonly ArrayLike<number>[], blocks = PBO_BLOCKS): BlockSums {
  const strategies = columns.length
  const sums = new Float64Array(strategies * blocks)
  const squares = new Float64Array(strategies * blocks)
  for (const [strategy, results] of columns.entries()) {
    if (results.length !== columns[0]!.length) throw new RangeError('strategies must have results of the same periods')
    const [ownSums, ownSquares] = sumsByBlock(results, blocks)
    sums.set(ownSums, strategy * blocks)
    squares.set(ownSquares, strategy * blocks)
  }
  return { blocks, strategies, sums, squares }
}

/** Halves of the blocks that hold block 0, as bit masks: each stands for itself and for the other half. */
function halves(blocks: number): number[] {
  const found: number[] = []
  const extend = (mask: number, from: number, missing: number): void => {
    if (missing === 0) {
      found.push(mask)
      return
    }
    for (let block = from; block <= blocks - missing; block++) {
      extend(mask | (1 << block), block + 1, missing - 1)
    }
  }
  extend(1, 1, blocks / 2 - 1)
  return found
}

/** Grows with the Sharpe ratio over periods that are equally many for all: `mean^2 / mean square`, signed. 0 for who never traded. */
const order = (sum: number, square: number): number => (square > 0 ? (sum * Math.abs(sum)) / square : 0)

/** True where the strategy that leads `inside` is not above the median `outside`; equals share their ranks. */
function overfit(inside: Float64Array, outside: Float64Array): boolean {
  let best = 0
  for (let strategy = 1; strategy < inside.length; strategy++) if (inside[strategy]! > inside[best]!) best = strategy
  const own = outside[best]!
  let below = 0
  let equal = 0
  for (let strategy = 0; strategy < outside.length; strategy++) {
    if (outside[strategy]! < own) below++
    else if (outside[strategy] === own) equal++
  }
  const rank = below + (equal + 1) / 2
  // Relative rank <= 1/2 is a logit <= 0.
  return rank <= (outside.length + 1) / 2
}

/**
 * Share of the splits in which the choice was overfitted. With fewer than two strategies nothing was chosen: NaN.
 *
 * @example
 * probabilityOfOverfitting(blockSums([alwaysBetter, noise, otherNoise])) // 0
 */
export function probabilityOfOverfitting({ blocks, strategies, sums, squares }: BlockSums): number {
  if (blocks < 2 || blocks % 2 !== 0 || blocks > 30) throw new RangeError(`${blocks} blocks`)
  if (strategies < 2) return Number.NaN
  const totals = new Float64Array(2 * strategies)
  for (let strategy = 0; strategy < strategies; strategy++) {
    for (let block = 0; block < blocks; block++) {
      totals[2 * strategy]! += sums[strategy * blocks + block]!
      totals[2 * strategy + 1]! += squares[strategy * blocks + block]!
    }
  }
  const chosen = new Int32Array(blocks / 2)
  const inside = new Float64Array(strategies)
  const outside = new Float64Array(strategies)
  const masks = halves(blocks)
  let lost = 0
  for (const mask of masks) {
    for (let block = 0, place = 0; block < blocks; block++) if ((mask >> block) & 1) chosen[place++] = block
    for (let strategy = 0; strategy < strategies; strategy++) {
      const row = strategy * blocks
      let sum = 0
      let square = 0
      for (let place = 0; place < chosen.length; place++) {
        sum += sums[row + chosen[place]!]!
        square += squares[row + chosen[place]!]!
      }
      inside[strategy] = order(sum, square)
      outside[strategy] = order(totals[2 * strategy]! - sum, totals[2 * strategy + 1]! - square)
    }
    if (overfit(inside, outside)) lost++
    if (overfit(outside, inside)) lost++
  }
  return lost / (2 * masks.length)
}
