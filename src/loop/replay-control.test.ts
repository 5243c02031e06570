import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted } from '../base/fault.ts'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { replayControl } from './replay-control.ts'

const control = () => {
  const { clock, timer } = virtualTime()
  return replayControl({ clock, timer, barsPerSecond: 12 })
}
const code = (outcome: { ok: true } | { ok: false; fault: { code: string } }): string | undefined =>
  outcome.ok ? undefined : outcome.fault.code

test('before a run there is nothing to control', async () => {
  assert.equal(code(await control().send({ type: 'pause' })), 'NOT_RUNNING')
})

test('pace commands are done at once and told to whoever listens', async () => {
  const run = control()
  run.begin('replay-1', 755)
  const told: (string | number | null)[] = []
  run.onLive(({ state, barsPerSecond }) => told.push(state, barsPerSecond))
  await run.send({ type: 'pause' })
  await run.send({ type: 'speed', barsPerSecond: null })
  await run.send({ type: 'continue' })
  assert.deepEqual(told, ['paused', 12, 'paused', null, 'running', null])
})

test('a jump is told until its date is reached', async () => {
  const time = virtualTime()
  const run = replayControl({ ...time, barsPerSecond: 12 })
  run.begin('replay-1', 755)
  await run.send({ type: 'jump', to: 5000 })
  assert.equal(run.live()?.jumpingTo, 5000)
  await time.through(run.pace.turn(5000, async () => {}, new AbortController().signal))
  run.update({ phase: 'data' })
  assert.equal(run.live()?.jumpingTo, null)
})

test('what concerns the account waits for the end of a bar and gets its answer', async () => {
  const run = control()
  run.begin('replay-1', 755)
  const answer = run.send({ type: 'rollback', reason: 'a test' })
  const served: string[] = []
  await run.serve(async ({ type }) => {
    served.push(type)
    return accepted('done')
  })
  assert.deepEqual(served, ['rollback'])
  assert.deepEqual(await answer, accepted('done'))
})

test('the end of a run answers whoever still waits', async () => {
  const run = control()
  run.begin('replay-1', 755)
  const answer = run.send({ type: 'drill', name: 'forged-release' })
  run.end()
  assert.equal(code(await answer), 'RUN_ENDED')
  assert.equal(code(await run.send({ type: 'pause' })), 'RUN_ENDED')
})

test('a restart stops the run and hands on the seed, also after the end', async () => {
  const run = control()
  const signal = run.begin('replay-1', 755)
  const never = new AbortController().signal
  await run.send({ type: 'restart', seed: 9 })
  assert.ok(signal.aborted)
  assert.equal(await run.nextSeed(never), 9)
  run.begin('replay-2', 755)
  run.end()
  const next = run.nextSeed(never)
  await run.send({ type: 'restart', seed: 10 })
  assert.equal(await next, 10)
})

test('whoever waits for another run leaves with the signal', async () => {
  const run = control()
  run.begin('replay-1', 755)
  run.end()
  const stop = new AbortController()
  const waiting = run.nextSeed(stop.signal)
  const reason = new Error('interrupted')
  stop.abort(reason)
  await assert.rejects(waiting, reason)
})
