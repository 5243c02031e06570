import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockLive } from './clock-live.ts'
import type { LiveState } from './run-control.ts'

function watched() {
  const seen: LiveState[] = []
  const live = clockLive({
    runId: 'clock-stable-SPX',
    bars: 100,
    nextSlot: () => 1800,
    onChange: state => void seen.push(state),
  })
  return { live, seen }
}

test('the phase is the most telling of what goes on at once', () => {
  const { live, seen } = watched()
  const first = live.syncing()
  live.trainingStarted('a', 1)
  const second = live.syncing()
  first()
  live.published()
  live.trainingEnded()
  second()
  second()
  assert.deepEqual(
    seen.map(({ phase }) => phase),
    ['syncing', 'training', 'training', 'training', 'publishing', 'syncing', 'waiting', 'waiting'],
  )
})

test('curves gather during a training and are gone with the next one', () => {
  const { live } = watched()
  const point = { role: 'meta', curve: 'train', x: 1, y: 0.5, unit: 'trees' } as const
  const progress = { phase: 'meta', fraction: 0.2, text: 'fitting', points: [point] } as const
  live.progress(progress)
  assert.equal(live.state().training, null)
  live.trainingStarted('a', 1)
  live.progress(progress)
  live.progress({ ...progress, fraction: 0.3 })
  assert.deepEqual([live.state().training?.points.length, live.state().training?.fraction], [2, 0.3])
  live.trainingStarted('b', 2)
  assert.deepEqual(live.state().training?.points, [])
})

test('no replay is promised: no speed, no jump, no bar at which training is due, but a time', () => {
  const { barsPerSecond, jumpingTo, nextTrainingBar, nextTrainingAt } = watched().live.state()
  assert.deepEqual([barsPerSecond, jumpingTo, nextTrainingBar, nextTrainingAt], [null, null, 100, 1800])
})
