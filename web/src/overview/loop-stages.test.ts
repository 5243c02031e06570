// The loop as stages.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleLive, exampleStatus } from '../live/example-status.ts'
import { nextSlot, nextTraining, stagesOf } from './loop-stages.ts'

const training = { trainingId: 't', number: 3, phase: 'meta', fraction: 0.4, text: '', points: [] }
const active = (...[live]: [ReturnType<typeof exampleLive> | null]) =>
  stagesOf(exampleStatus(), live, null)
    .filter(({ state }) => state === 'active')
    .map(({ name }) => name)

test('the stage that works is the one of the phase', () => {
  assert.deepEqual(active(exampleLive({ phase: 'data' })), ['data'])
  assert.deepEqual(active(exampleLive({ phase: 'training', training })), ['train'])
  assert.deepEqual(active(exampleLive({ phase: 'holding' })), ['gate'])
})

test('without a loop nothing works, and the canary is said to be off', () => {
  assert.deepEqual(active(null), [])
  assert.deepEqual(active(exampleLive({ state: 'ended' })), [])
  assert.equal(stagesOf(exampleStatus(), null, null).find(({ name }) => name === 'canary')?.state, 'off')
})

test('the next training is counted in bars, and in time where there is a speed', () => {
  assert.deepEqual(nextTraining(exampleStatus(), exampleLive({ nextTrainingBar: 130 - 60 })), {
    barsLeft: 60,
    eta: '5.0 s',
  })
  assert.deepEqual(nextTraining(exampleStatus(), exampleLive({ barsPerSecond: null })), { barsLeft: 10, eta: null })
  assert.deepEqual(nextTraining(exampleStatus(), exampleLive({ state: 'paused' })), { barsLeft: 10, eta: null })
})

test('by the clock the next training is a time, and no bar is waited for', () => {
  const live = exampleLive({ barsPerSecond: null, nextTrainingBar: 100, nextTrainingAt: Date.UTC(2026, 0, 15, 14, 30) })
  assert.equal(nextSlot(exampleStatus(), live), Date.UTC(2026, 0, 15, 14, 30))
  assert.equal(nextTraining(exampleStatus(), live), null)
  const now = (name: string) => stagesOf(exampleStatus(), live, null).find(stage => stage.name === name)?.now
  assert.match(now('train') ?? '', /^next at 2026-01-15 14:30/)
  assert.match(now('data') ?? '', /^100 bars are stored$/)
  assert.equal(nextSlot(exampleStatus(), { ...live, training }), null)
  assert.equal(nextSlot(exampleStatus(), { ...live, state: 'draining' }), null)
  assert.equal(nextSlot(exampleStatus(), exampleLive()), null)
})

test('there is no next training while one runs, beyond the last bar, or after the end', () => {
  assert.equal(nextTraining(exampleStatus(), exampleLive({ training })), null)
  assert.equal(nextTraining(exampleStatus(), exampleLive({ nextTrainingBar: 100 })), null)
  assert.equal(
    nextTraining(exampleStatus({ run: { ...exampleStatus().run!, state: 'finished' } }), exampleLive()),
    null,
  )
})
