// Permutation importance (Breiman 2001): how much worse a model gets when one column of its input is shuffled.

import type { Rng } from '../../base/rng.ts'

export type Shuffled = {
  readonly rows: Float32Array
  readonly names: readonly string[]
  /** Mean loss on these rows. */
  readonly loss: (rows: Float32Array) => number
  readonly rng: Rng
}

/**
 * One shuffle a column, on rows that the model was not fitted on.
 *
 * @returns column -> rise of the loss; about 0 where the model does not read it
 */
export function permutationImportance({ rows, names, loss, rng }: Shuffled): Record<string, number> {
  const width = names.length
  const count = rows.length / width
  const before = loss(rows)
  return Object.fromEntries(
    names.map((name, column) => {
      const shuffled = rows.slice()
      const own = rng.fork(name)
      for (let row = count - 1; row > 0; row--) {
        const other = own.int(row + 1)
        const kept = shuffled[row * width + column]!
        shuffled[row * width + column] = shuffled[other * width + column]!
        shuffled[other * width + column] = kept
      }
      return [name, loss(shuffled) - before]
    }),
  )
}
