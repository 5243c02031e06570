// The rows of the learning duels: 17 columns, a value with noise and one of five unequal classes, the same for every seed. Written to
// files that programs in any language read: row-major float32 columns, float32 values, one byte a class.

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRng } from '../../src/base/rng.ts'

export const WIDTH = 17
export const CLASSES = 5
/** Rows that no side trains on. */
export const TEST_ROWS = 20_000

const LEVELS = [-1.1, -0.3, 0.5, 1.6] as const

/**
 * Writes `train.x train.y train.c test.x test.y test.c` into a folder.
 *
 * @returns SHA-256 over the six files in this order, hex
 */
export function writeDuelData(folder: string, rows: number, seed: number): string {
  mkdirSync(folder, { recursive: true })
  const hash = createHash('sha256')
  for (const [name, count] of [
    ['train', rows],
    ['test', TEST_ROWS],
  ] as const) {
    const rng = seededRng(seed).fork(name)
    const x = new Float32Array(count * WIDTH)
    const y = new Float32Array(count)
    const c = new Uint8Array(count)
    for (let row = 0; row < count; row++) {
      const at = row * WIDTH
      for (let column = 0; column < WIDTH; column++) x[at + column] = rng.normal()
      const signal =
        0.9 * x[at]! +
        Math.sin(2 * x[at + 1]!) +
        0.6 * x[at + 2]! * x[at + 3]! +
        0.5 * Math.abs(x[at + 4]!) +
        (x[at + 5]! > 0 ? 0.7 * x[at + 6]! : 0) -
        0.4
      const value = signal + 0.85 * rng.normal()
      y[row] = value
      c[row] = LEVELS.filter(level => value > level).length
    }
    for (const [part, data] of [
      ['x', x],
      ['y', y],
      ['c', c],
    ] as const) {
      const bytes = new Uint8Array(data.buffer)
      hash.update(bytes)
      writeFileSync(join(folder, `${name}.${part}`), bytes)
    }
  }
  return hash.digest('hex')
}
