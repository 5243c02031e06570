// What changed since the last look.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleStatus } from '../live/example-status.ts'
import { changeSince, lookAt, parseLook } from './last-look.ts'

const later = () => {
  const status = exampleStatus()
  return exampleStatus({
    run: { ...status.run!, barsDone: 40 },
    account: { ...status.account!, equity: 99_000 },
    slots: [{ ...status.slots[0]!, label: 'l-7' }],
    counts: { ...status.counts, trainings: 3, refused: 1 },
  })
}

test('the difference is told: bars, equity, handover, counts', () => {
  const change = changeSince(lookAt(exampleStatus(), 5)!, later())
  assert.deepEqual(
    [change?.bars, change?.equity, change?.handover, change?.counts.trainings, change?.counts.refused],
    [30, -1000, { from: null, to: 'l-7' }, 2, 1],
  )
})

test('no new bar, or another run, is no change', () => {
  const look = lookAt(exampleStatus(), 5)!
  assert.equal(changeSince(look, exampleStatus()), null)
  assert.equal(changeSince({ ...look, runId: 'other' }, later()), null)
})

test('a look survives being saved, and nonsense is as if there had been none', () => {
  const look = lookAt(exampleStatus(), 5)
  assert.deepEqual(parseLook(JSON.stringify(look)), look)
  for (const text of [undefined, '', '{', '{}', '{"at":"x"}', 'null', '7']) assert.equal(parseLook(text), null)
})
