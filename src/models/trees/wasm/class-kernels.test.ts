import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClassKernels, classModule } from './class-kernels.ts'
import { workspace } from './workspace.ts'

const WORD = 2n ** 64n

/** splitmix64 in big integers. Its first output for seed 1234567 is published as 6457827717110365317. */
function* splitmix(seed: bigint): Generator<bigint, never> {
  for (let state = seed; ; ) {
    state = (state + 0x9e3779b97f4a7c15n) % WORD
    let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) % WORD
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) % WORD
    yield mixed ^ (mixed >> 31n)
  }
}

test('bootstrap draws are those of splitmix64', () => {
  const random = splitmix(1234567n + (89n << 32n))
  assert.equal(splitmix(1234567n).next().value, 6457827717110365317n)
  const expected = new Int32Array(1000)
  for (let draw = 0; draw < 1000; draw++) expected[Number(((random.next().value >> 32n) * 1000n) >> 32n)]!++
  const memory = workspace<ClassKernels>(classModule(1), 4000, 1)
  const counts = memory.ints(1000)
  memory.kernels.draw(1234567, 89, 1000, counts.byteOffset)
  assert.deepEqual(counts, expected)
})

test('a draw with replacement takes about 1 - 1/e of the rows', () => {
  const memory = workspace<ClassKernels>(classModule(1), 400_000, 1)
  const counts = memory.ints(100_000)
  memory.kernels.draw(1, 2, 100_000, counts.byteOffset)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    100_000,
  )
  const share = counts.filter(count => count > 0).length / 100_000
  assert.ok(Math.abs(share - (1 - 1 / Math.E)) < 0.005)
})

test('rows that were not drawn or weigh nothing are left out, and the draws are emptied', () => {
  const memory = workspace<ClassKernels>(classModule(1), 1000, 4)
  const [counts, order] = [memory.ints(4), memory.ints(5)]
  const [base, weights] = [memory.doubles(4), memory.doubles(4)]
  counts.set([2, 0, 1, 3])
  base.set([8, 8, 0, 16])
  const end = memory.kernels.takeRows(4, counts.byteOffset, base.byteOffset, order.byteOffset, weights.byteOffset)
  assert.deepEqual(Array.from(order.subarray(0, (end - order.byteOffset) / 4)), [0, 3])
  assert.deepEqual([weights[0], weights[3]], [17, 49])
  assert.ok(counts.every(count => count === 0))
})
