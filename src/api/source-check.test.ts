import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemTimer } from '../adapters/system/timer.ts'
import { replayClock } from '../base/clock.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sourceCheck } from './source-check.ts'

const codeOf = (outcome: Outcome<string>) => (outcome.ok ? outcome.value : outcome.fault.code)

test('a source is asked once a minute, however often its state is wanted', async () => {
  const clock = replayClock(0)
  const answers = [accepted('answers'), refused('SOURCE_UNREACHABLE', 'gone')]
  let asked = 0
  const check = sourceCheck({ control: { send: async () => answers[asked++]! }, clock, timer: systemTimer })
  assert.deepEqual((await Promise.all([check(), check()])).map(codeOf), ['answers', 'answers'])
  clock.advanceTo(59_999)
  assert.equal(codeOf(await check()), 'answers')
  clock.advanceTo(60_000)
  assert.equal(codeOf(await check()), 'SOURCE_UNREACHABLE')
  assert.equal(asked, 2)
})

test('one that does not answer in time is slow, and nobody waits longer', async () => {
  const send = () => new Promise<never>(() => undefined)
  const check = sourceCheck({ control: { send }, clock: replayClock(0), timer: systemTimer, waitMs: 5 })
  assert.equal(codeOf(await check()), 'SOURCE_SLOW')
})
