import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ahead } from './ahead.ts'
import { seededRng } from './rng.ts'

const settled = (): Promise<void> => new Promise(go => setImmediate(go))

test('results come in order, with as many under way as allowed and never more', async () => {
  const rng = seededRng('ahead')
  for (const most of [1, 2, 3, 50]) {
    let under = 0
    let peak = 0
    const work = async (n: number): Promise<number> => {
      peak = Math.max(peak, ++under)
      for (let turns = 1 + rng.int(5); turns > 0; turns--) await settled()
      under--
      return n * n
    }
    const items = Array.from({ length: 20 }, (_, n) => n)
    const squares = await Array.fromAsync(ahead(items, most, work))
    assert.deepEqual([squares, peak], [items.map(n => [n, n * n]), Math.min(most, 20)])
  }
})

test('a failure is told in its turn, when all that was begun has ended, and nothing is begun after it', async () => {
  const begun: number[] = []
  let ended = 0
  const work = async (n: number): Promise<number> => {
    begun.push(n)
    if (n === 1) throw new Error('one')
    for (let turns = 0; turns < 5; turns++) await settled()
    ended++
    return n
  }
  const seen: number[] = []
  const read = async (): Promise<void> => {
    for await (const [n] of ahead([0, 1, 2, 3, 4, 5], 3, work)) seen.push(n)
  }
  await assert.rejects(read(), /one/)
  assert.deepEqual([seen, begun, ended], [[0], [0, 1, 2, 3], 3])
})
