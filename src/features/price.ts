// Column 1: the close.

import { column } from './column.ts'
import type { Feature } from './feature.ts'

/** Anything from a currency pair to a coin in dollars. */
export const PRICE_RANGE = [1e-4, 1e6] as const

export const price: Feature<null> = {
  column: column('price', PRICE_RANGE),
  needs: ['bars'],
  warmup: 1,
  init: () => null,
  update: (_, bar) => bar.close,
}
