import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryChanges } from './memory-changes.ts'
import { change, checkParameterChanges } from './parameter-changes.checks.ts'
import { parameterDiff, parameterTracker, REMEMBERED } from './parameter-changes.ts'

checkParameterChanges('in memory', async () => ({ store: memoryChanges() }))

test('the last hundred are answered from memory, all others from the store', async () => {
  const store = memoryChanges()
  await store.add(Array.from({ length: 40 }, (_, at) => change(at)))
  let asked = 0
  const counted = { ...store, newest: (limit: number) => (asked++, store.newest(limit)) }
  const tracker = await parameterTracker(counted)
  await tracker.record(...Array.from({ length: 90 }, (_, i) => change(40 + i)))
  assert.equal(asked, 1)
  const recent = await tracker.recent()
  assert.deepEqual(
    recent.map(({ at }) => at),
    [129, 128, 127, 126, 125, 124, 123, 122, 121, 120],
  )
  assert.equal((await tracker.recent(REMEMBERED)).length, 100)
  assert.equal(asked, 1)
  assert.equal((await tracker.recent(500)).length, 130)
  assert.equal(asked, 2)
})

test('what a start finds is what the one before knew', async () => {
  const store = memoryChanges()
  const before = await parameterTracker(store)
  await before.record(change(1), change(2, { strategyName: 'EmaCross' }))
  await before.record()
  const after = await parameterTracker(store)
  assert.deepEqual(await after.recent(), await before.recent())
  assert.equal((await after.ofStrategy('EMACROSS')).length, 1)
  assert.equal((await after.inWindow(2, 3)).length, 1)
})

test('an outcome is known everywhere, once', async () => {
  const tracker = await parameterTracker(memoryChanges())
  await tracker.record(change(1))
  await tracker.settle(1, { outcomePnl: 12, wasCorrect: true })
  assert.equal((await tracker.recent())[0]?.outcomePnl, 12)
  assert.equal((await tracker.ofStrategy('breakout'))[0]?.wasCorrect, true)
  await assert.rejects(tracker.settle(1, { outcomePnl: 0, wasCorrect: false }), { code: 'CHANGE_SETTLED' })
  await assert.rejects(tracker.settle(7, { outcomePnl: 0, wasCorrect: false }), { code: 'CHANGE_SETTLED' })
})

test('two sets of parameters differ by what was changed, added and taken away', () => {
  const facts = { at: 7, reason: 'release 5' }
  const before = { Breakout: { lookback: 20, stop: 2 }, Old: { x: 1 } }
  const after = { Breakout: { lookback: 30, stop: 2, filter: true } }
  assert.deepEqual(parameterDiff(before, after, facts), [
    { ...facts, strategyName: 'Breakout', parameterName: 'filter', oldValue: null, newValue: true },
    { ...facts, strategyName: 'Breakout', parameterName: 'lookback', oldValue: 20, newValue: 30 },
    { ...facts, strategyName: 'Old', parameterName: 'x', oldValue: 1, newValue: null },
  ])
  assert.deepEqual(parameterDiff(after, after, facts), [])
})
