import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../rng.ts'
import { bulkhead } from './bulkhead.ts'

const never = new AbortController().signal
const settled = (): Promise<void> => new Promise(go => setImmediate(go))

test('whatever the order of coming, leaving and giving up, no more than the places are taken and none is lost', async () => {
  const rng = seededRng('bulkhead')
  const places = 3
  const hall = bulkhead(places)
  const inside: (() => void)[] = []
  const waiting = new Set<AbortController>()
  for (let step = 0; step < 2_000; step++) {
    const choice = rng.int(4)
    if (choice < 2) {
      const own = new AbortController()
      waiting.add(own)
      const come = async (): Promise<void> => {
        try {
          inside.push(await hall.enter(own.signal))
        } catch (cause) {
          assert.equal(cause, own.signal.reason)
        }
        waiting.delete(own)
      }
      void come()
    } else if (choice === 2) {
      const leave = inside.shift()
      // Said twice, one place is freed.
      leave?.()
      leave?.()
    } else [...waiting][rng.int(Math.max(1, waiting.size))]?.abort(new Error('gave up'))
    await settled()
    assert.ok(inside.length <= places)
    assert.ok(inside.length === places || waiting.size === 0, 'somebody waits though there is a place')
  }
})

test('places are given in the order of coming', async () => {
  const hall = bulkhead(1)
  const first = await hall.enter(never)
  const order: string[] = []
  const come = async (name: string): Promise<void> => {
    const leave = await hall.enter(never)
    order.push(name)
    leave()
  }
  const all = ['a', 'b', 'c'].map(come)
  first()
  await Promise.all(all)
  assert.deepEqual(order, ['a', 'b', 'c'])
})

test('who is called off before he came takes nothing', async () => {
  const hall = bulkhead(1)
  await assert.rejects(hall.enter(AbortSignal.abort(new Error('no'))), /no/)
  ;(await hall.enter(never))()
})
