// The least-squares line through a window of equally spaced values.

import type { Ring } from './ring.ts'
import { eachOldestFirst } from './ring.ts'

/**
 * Change per step of the ordinary-least-squares line through the window, oldest to newest; NaN below two values.
 *
 * @example
 * slope({ values: [1, 3, 5], next: 0 }) // 2
 */
export function slope(window: Ring): number {
  const n = window.values.length
  if (n < 2) return Number.NaN
  const centre = (n - 1) / 2
  const shift = window.values[window.next]!
  let cross = 0
  eachOldestFirst(window, (value, index) => {
    cross += (index - centre) * (value - shift)
  })
  return cross / ((n * (n * n - 1)) / 12)
}
