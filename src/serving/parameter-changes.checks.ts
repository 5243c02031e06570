// The laws of a store of parameter changes: every implementation must pass them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ParameterChange, ParameterChangeStore } from './parameter-changes.ts'

export const change = (at: number, over: Partial<ParameterChange> = {}): ParameterChange => ({
  at,
  strategyName: 'Breakout',
  parameterName: 'lookback',
  oldValue: 20,
  newValue: 30,
  reason: 'tuned — “by hand”',
  ...over,
})

/** @param make an empty store for one test; `close` is called at its end */
export function checkParameterChanges(
  name: string,
  make: () => Promise<{ readonly store: ParameterChangeStore; readonly close?: () => Promise<void> }>,
): void {
  const law = (words: string, body: (store: ParameterChangeStore) => Promise<void>): void => {
    test(`${name}: ${words}`, async () => {
      const { store, close } = await make()
      try {
        await body(store)
      } finally {
        await close?.()
      }
    })
  }

  law('is empty at first', async store => {
    assert.deepEqual(await store.newest(10), [])
    assert.deepEqual(await store.ofStrategy('Breakout', 10), [])
    assert.deepEqual(await store.within(0, 1e15), [])
    assert.equal(await store.settle(1, { outcomePnl: 1, wasCorrect: true }), false)
  })

  law('keeps every member of a change, and what is not known stays away', async store => {
    const full = change(5, {
      outcomePnl: -12.5,
      wasCorrect: false,
      marketSnapshotId: 'abc',
      oldValue: null,
      newValue: 'fast',
    })
    const added = await store.add([change(1), full, change(2, { oldValue: true, newValue: 0.25 })])
    assert.deepEqual(
      added.map(({ seq }) => seq),
      [1, 2, 3],
    )
    assert.deepEqual(await store.newest(10), added.toReversed())
    assert.deepEqual((await store.newest(1))[0], { ...change(2, { oldValue: true, newValue: 0.25 }), seq: 3 })
  })

  law('a strategy is found in any case of letters, newest first', async store => {
    await store.add([change(1), change(2, { strategyName: 'EmaCross' }), change(3, { strategyName: 'BREAKOUT' })])
    const found = await store.ofStrategy('breakOut', 10)
    assert.deepEqual(
      found.map(({ seq }) => seq),
      [3, 1],
    )
    assert.equal((await store.ofStrategy('breakout', 1)).length, 1)
    assert.deepEqual(await store.ofStrategy('break', 10), [])
  })

  law('a window holds its beginning and not its end, in order of time', async store => {
    await store.add([change(30), change(10), change(20), change(20, { parameterName: 'stop' })])
    const found = await store.within(10, 30)
    assert.deepEqual(
      found.map(({ at, seq }) => [at, seq]),
      [
        [10, 2],
        [20, 3],
        [20, 4],
      ],
    )
  })

  law('an outcome is written once', async store => {
    await store.add([change(1), change(2)])
    assert.equal(await store.settle(2, { outcomePnl: 80, wasCorrect: true }), true)
    assert.equal(await store.settle(2, { outcomePnl: -1, wasCorrect: false }), false)
    assert.equal(await store.settle(9, { outcomePnl: 80, wasCorrect: true }), false)
    const [second, first] = await store.newest(2)
    assert.deepEqual([second?.outcomePnl, second?.wasCorrect, first?.wasCorrect], [80, true, undefined])
  })
}
