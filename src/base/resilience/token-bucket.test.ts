import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { virtualTime } from '../fixtures/virtual-time.ts'
import { type TokenBucket, tokenBucket } from './token-bucket.ts'

const RATE = 60
const BURST = 10
const bucketOn = ({ clock, timer }: ReturnType<typeof virtualTime>, over = {}): TokenBucket =>
  tokenBucket({ clock, timer, perMinute: RATE, burst: BURST, ...over })
const tick = () => new Promise(resolve => setImmediate(resolve))

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(1_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(5_000) }) },
  // The clock is set: back, or far ahead.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -1e7, max: 1e5 }) }) },
)

test('fault 161: RSL-04, REL-44, for any arrivals, cancellations and clock jumps no window of t ms grants more than burst + rate x t', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 120 }), async commands => {
      const time = virtualTime(1e9)
      let shift = 0
      // The time that really went by: steps back are none.
      let forward = 0
      const clock = { now: () => time.clock.now() + shift }
      const bucket = tokenBucket({ clock, timer: time.timer, perMinute: RATE, burst: BURST })
      const grants: { at: number; asked: number }[] = []
      const waiting = new Map<number, AbortController>()
      let [asked, cancelled] = [0, 0]
      for (const next of commands) {
        if (next.kind === 'take') {
          const mine = asked++
          const abort = new AbortController()
          waiting.set(mine, abort)
          const granted = () => {
            assert.ok(waiting.delete(mine), 'a token for one who had left')
            return grants.push({ at: time.clock.now() + forward, asked: mine })
          }
          bucket.take(abort.signal).then(granted, () => cancelled++)
        } else if (next.kind === 'cancel') {
          const [mine, abort] = [...waiting].at(next.which % Math.max(1, waiting.size)) ?? []
          if (mine !== undefined) waiting.delete(mine)
          abort?.abort(new Error('called off'))
        } else if (next.kind === 'set') {
          shift += next.ms
          forward += Math.max(0, next.ms)
        } else await time.advance(next.ms)
        await tick()
      }
      await time.advance(1e7)
      assert.equal(waiting.size + time.sleepers(), 0, 'everyone who stayed was served, and nothing sleeps on')
      assert.equal(grants.length + cancelled, asked)
      assert.deepEqual(
        grants.map(grant => grant.asked),
        grants.map(grant => grant.asked).sort((a, b) => a - b),
        'first come, first served',
      )
      for (const [first, from] of grants.entries()) {
        for (const [last, to] of grants.entries()) {
          if (last >= first) assert.ok(last - first + 1 <= BURST + ((to.at - from.at) * RATE) / 60_000)
        }
      }
    }),
    { numRuns: process.env['RATCHET_LONG'] === '1' ? 2_000 : 60, seed: 20260115 },
  )
})

test('who stays idle finds the burst, and not more', async () => {
  const time = virtualTime()
  const bucket = bucketOn(time)
  await time.advance(1e6)
  let granted = 0
  for (let n = 0; n < 15; n++) void bucket.take().then(() => granted++)
  await tick()
  assert.equal(granted, BURST)
  await time.advance(2_000)
  assert.equal(granted, BURST + 2)
})

test('a pause that a server asked for lets nobody through, however full the bucket', async () => {
  const time = virtualTime()
  const bucket = bucketOn(time)
  bucket.pause(30_000)
  let granted = 0
  void bucket.take().then(() => granted++)
  await time.advance(29_999)
  assert.deepEqual([granted, bucket.pausedMs()], [0, 1])
  await time.advance(1)
  assert.equal(granted, 1)
})

test('a caller whose wait was over before it began gets its reason', async () => {
  const reason = new Error('called off')
  await assert.rejects(bucketOn(virtualTime()).take(AbortSignal.abort(reason)), reason)
})

test('a queue that is full refuses at once', async () => {
  const time = virtualTime()
  const bucket = bucketOn(time, { burst: 1, queueLimit: 2 })
  const abort = new AbortController()
  const taken = [bucket.take(), bucket.take(abort.signal).catch(() => 0), bucket.take(abort.signal).catch(() => 0)]
  await assert.rejects(bucket.take(), { code: 'RATE_QUEUE_FULL' })
  abort.abort()
  await Promise.all(taken)
  assert.equal(time.sleepers(), 0)
})

test('a token that is given back lets another one through, and an idle bucket holds no more than its burst', async () => {
  const time = virtualTime()
  const bucket = bucketOn(time)
  let granted = 0
  const ask = (n: number) => {
    for (let i = 0; i < n; i++) void bucket.take().then(() => granted++)
  }
  ask(BURST)
  await tick()
  bucket.giveBack()
  ask(1)
  await tick()
  assert.equal(granted, BURST + 1)
  for (let i = 0; i < 5; i++) bucket.giveBack()
  await time.advance(1e6)
  ask(20)
  await tick()
  assert.equal(granted, 2 * BURST + 1)
})
