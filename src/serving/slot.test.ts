import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ReplayClock, replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { taggedSet } from './fixtures/tagged-set.ts'
import { type KeepWarm, modelSlot, type SetLease } from './slot.ts'

test('a slot starts empty, takes a set and remembers the one before', () => {
  const slot = modelSlot()
  assert.equal(slot.current(), undefined)
  const [a, b] = [taggedSet(1), taggedSet(2)]
  assert.equal(slot.swap(a), 1)
  assert.equal(slot.swap(b), 2)
  assert.equal(slot.current(), b)
  assert.equal(slot.previous(), a)
})

test('a lease keeps the set it was taken on, whatever is swapped meanwhile', () => {
  const slot = modelSlot('main', taggedSet(1))
  const lease = slot.lease()
  slot.swap(taggedSet(2))
  slot.swap(taggedSet(3))
  assert.equal(lease.set?.version, 1)
  assert.equal(slot.stats().resident, 3)
  lease.release()
  assert.equal(slot.stats().resident, 2)
})

test('the way back stays resident until it is dropped', () => {
  const slot = modelSlot('main', taggedSet(1))
  slot.swap(taggedSet(2))
  assert.equal(slot.stats().resident, 2)
  slot.dropPrevious()
  assert.equal(slot.previous(), undefined)
  assert.equal(slot.stats().resident, 1)
})

test('releasing a lease twice is a bug and says so', () => {
  const lease = modelSlot().lease()
  lease.release()
  assert.throws(() => lease.release(), /released twice/)
})

test('10,000 swaps among open leases: every decision answered once, none by a mixture', () => {
  const rng = seededRng(30)
  const sets = Array.from({ length: 7 }, (_, index) => taggedSet(index + 1))
  const slot = modelSlot('main', sets[0])
  const open: { lease: SetLease; answers: number[] }[] = []
  const answered = new Set<number>()
  let swaps = 0
  let taken = 0
  let mixed = 0
  // A decision asks its three roles at three different moments, with swaps and other decisions in between.
  const step = (index: number): void => {
    const decision = open[index]!
    const role = (['meta', 'execution', 'rl_sizer'] as const)[decision.answers.length]!
    decision.answers.push(decision.lease.set!.roles.get(role)!.run(new Float32Array(1), 1)[0]!)
    if (decision.answers.length < 3) return
    if (new Set(decision.answers).size !== 1) mixed++
    assert.equal(answered.has(decision.lease.decisionSeq), false)
    answered.add(decision.lease.decisionSeq)
    decision.lease.release()
    open.splice(index, 1)
  }
  while (swaps < 10_000) {
    const what = rng.int(5)
    if (what === 0) {
      slot.swap(sets[rng.int(sets.length)])
      swaps++
    } else if (what === 1 && open.length < 50) {
      open.push({ lease: slot.lease(), answers: [] })
      taken++
    } else if (open.length > 0) step(rng.int(open.length))
  }
  while (open.length > 0) step(0)
  assert.equal(mixed, 0)
  assert.equal(answered.size, taken)
  assert.ok(taken > 9_000, `${taken} decisions`)
  const stats = slot.stats()
  assert.deepEqual([stats.swaps, stats.leasesTaken, stats.leasesOpen], [10_000, taken, 0])
  assert.ok(stats.resident <= 2)
})

const holding = (version: number, gone: number[]) => ({ ...taggedSet(version), release: () => void gone.push(version) })

test('a set that nothing holds any more gives back what it holds elsewhere, once and not before', () => {
  const gone: number[] = []
  const slot = modelSlot('main', holding(1, gone))
  const lease = slot.lease()
  slot.swap(holding(2, gone))
  slot.swap(holding(3, gone))
  assert.deepEqual(gone, [])
  lease.release()
  assert.deepEqual(gone, [1])
  slot.swap(holding(4, gone))
  slot.dropPrevious()
  assert.deepEqual(gone, [1, 2, 3])
})

test('a set that returns to the slot is kept, whatever place it left meanwhile', () => {
  const gone: number[] = []
  const [a, b] = [holding(1, gone), holding(2, gone)]
  const slot = modelSlot('main', a)
  slot.swap(b)
  slot.swap(a)
  assert.deepEqual([gone, slot.current()?.version, slot.previous()?.version], [[], 1, 2])
  slot.swap(undefined)
  slot.dropPrevious()
  assert.deepEqual(gone, [2, 1])
})

test('a swap waits where open leases hold sets that were in charge before', async () => {
  const slot = modelSlot('main', taggedSet(1))
  const first = slot.lease()
  slot.swap(taggedSet(2))
  slot.swap(taggedSet(3))
  await slot.room(4)
  let there = false
  const room = slot.room(2).then(() => (there = true))
  await new Promise(setImmediate)
  assert.equal(there, false)
  first.release()
  await room
  assert.equal(there, true)
})

test('a wait for room ends with its signal', async () => {
  const slot = modelSlot('main', taggedSet(1))
  const lease = slot.lease()
  slot.swap(taggedSet(2))
  const stop = new AbortController()
  const room = slot.room(2, stop.signal)
  stop.abort(new Error('called off'))
  await assert.rejects(room, /called off/)
  await assert.rejects(slot.room(1, stop.signal), /called off/)
  lease.release()
  await slot.room(2)
})

test('fault 157: a position is decided for by the set it was entered with, and keeps that set resident', () => {
  const slot = modelSlot('main', taggedSet(1))
  const entry = slot.lease()
  entry.pin('p')
  entry.release()
  for (const version of [2, 3, 4]) slot.swap(taggedSet(version))
  const managed = slot.lease('p')
  const fresh = slot.lease()
  assert.deepEqual([managed.set?.version, managed.setSeq, fresh.set?.version], [1, 0, 4])
  managed.release()
  fresh.release()
  assert.deepEqual([slot.stats().resident, slot.stats().pinned], [3, 1])
  slot.unpin('p')
  assert.deepEqual([slot.stats().resident, slot.stats().pinned], [2, 0])
  assert.equal(slot.lease('p').set?.version, 4)
})

test('a position that is handed on belongs to the set that took it', () => {
  const slot = modelSlot('main', taggedSet(1))
  slot.lease().pin('p')
  slot.swap(taggedSet(2))
  slot.lease().pin('p')
  assert.equal(slot.lease('p').set?.version, 2)
})

test('the positions of a harmful set fall to the one in charge', () => {
  const slot = modelSlot('main', taggedSet(1))
  slot.lease().pin('p')
  slot.swap(taggedSet(2))
  slot.lease().pin('q')
  slot.swap(taggedSet(3))
  slot.unpinSet(taggedSet(1).digest)
  assert.deepEqual([slot.lease('p').set?.version, slot.lease('q').set?.version], [3, 2])
})

/** A clock that the sleeper moves: whoever waits, waits no real time. */
function warmth(forMs: number): KeepWarm & { readonly clock: ReplayClock } {
  const clock = replayClock(1_000)
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    clock.advanceTo(clock.now() + ms)
    return Promise.resolve()
  }
  return { forMs, time: { clock, timer: { sleep } }, clock }
}

test('a set that was replaced a moment ago stays resident, whatever follows it, until its time is over', () => {
  const gone: number[] = []
  const keep = warmth(300_000)
  const slot = modelSlot('main', holding(1, gone), keep)
  slot.swap(holding(2, gone))
  keep.clock.advanceTo(61_000)
  slot.swap(holding(3, gone))
  assert.deepEqual([gone, slot.stats().resident], [[], 3])
  keep.clock.advanceTo(300_999)
  slot.lease().release()
  assert.deepEqual(gone, [])
  keep.clock.advanceTo(301_000)
  slot.lease().release()
  assert.deepEqual([gone, slot.stats().resident], [[1], 2])
  assert.equal(slot.previous()?.version, 2)
})

test('a set that a decision held until its time was over is given back at once then', () => {
  const gone: number[] = []
  const keep = warmth(10)
  const slot = modelSlot('main', holding(1, gone), keep)
  const [early, late] = [slot.lease(), slot.lease()]
  slot.swap(holding(2, gone))
  slot.swap(holding(3, gone))
  early.release()
  keep.clock.advanceTo(1_010)
  assert.deepEqual(gone, [])
  late.release()
  assert.deepEqual(gone, [1])
})

test('a set that was dropped or found harmful is not kept warm', () => {
  const gone: number[] = []
  const slot = modelSlot('main', holding(1, gone), warmth(300_000))
  slot.swap(holding(2, gone))
  slot.dropPrevious()
  assert.deepEqual(gone, [1])
  slot.swap(holding(3, gone))
  slot.swap(holding(4, gone))
  assert.deepEqual(gone, [1])
  slot.unpinSet(taggedSet(2).digest)
  assert.deepEqual(gone, [1, 2])
})

test('more swaps wait until one has been warm long enough, and a wait that is called off leaves nothing behind', async () => {
  const keep = warmth(300_000)
  const slot = modelSlot('main', taggedSet(1), keep)
  await slot.room(3)
  slot.swap(taggedSet(2))
  await slot.room(3)
  slot.swap(taggedSet(3))
  assert.equal(keep.clock.now(), 1_000)
  await slot.room(3)
  assert.equal(keep.clock.now(), 301_000)
  slot.swap(taggedSet(4))
  slot.swap(taggedSet(5))
  const stop = new AbortController()
  const room = slot.room(2, stop.signal)
  stop.abort(new Error('called off'))
  await assert.rejects(room, /called off/)
})
