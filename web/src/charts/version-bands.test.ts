// Bands of the chart by who decided.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addToBands, type Band, bandsOf, lookOf } from './version-bands.ts'

const bars = (...ids: (string | null)[]) => ids.map((releaseId, index) => ({ index, releaseId }))

test('neighbouring bars of one release are one band', () => {
  assert.deepEqual(bandsOf(bars('baseline', 'a', 'a', 'b')), [
    { releaseId: 'baseline', from: 0, to: 0 },
    { releaseId: 'a', from: 1, to: 2 },
    { releaseId: 'b', from: 3, to: 3 },
  ])
})

test('a release that comes back after another has a second band', () => {
  assert.deepEqual(
    bandsOf(bars('a', 'b', 'a')).map(({ releaseId }) => releaseId),
    ['a', 'b', 'a'],
  )
})

test('an unknown decider is never guessed from its neighbours', () => {
  assert.deepEqual(bandsOf(bars('a', null, 'a')), [
    { releaseId: 'a', from: 0, to: 0 },
    { releaseId: 'a', from: 2, to: 2 },
  ])
})

test('carried on bar by bar the bands are those of the whole', () => {
  const all = bars('a', 'a', null, 'b', 'b', 'c', 'a')
  const grown: Band[] = []
  for (const { index, releaseId } of all) addToBands(grown, index, releaseId)
  assert.deepEqual(grown, bandsOf(all))
})

test('each release keeps its look, the ninth looks unlike the first, and the baseline has none', () => {
  const order = new Map(Array.from({ length: 9 }, (_, i) => [`r${i}`, i] as const))
  assert.deepEqual(lookOf(order, 'r2'), { color: 3, hatch: 0 })
  assert.deepEqual(lookOf(order, 'r8'), { color: 1, hatch: 1 })
  assert.equal(lookOf(order, 'baseline'), null)
  assert.equal(lookOf(order, 'unknown'), null)
})
