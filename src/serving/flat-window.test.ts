import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import type { Log } from '../base/log.ts'
import { type FlatWindowOptions, flatWindow } from './flat-window.ts'

const MINUTE = 60_000

function window(isFlat: FlatWindowOptions['isFlat'], over: Partial<FlatWindowOptions> = {}) {
  const time = virtualTime()
  const stop = new AbortController()
  const lines: string[] = []
  const log: Log = { write: (_, event, text) => lines.push(`${event} ${text}`) }
  let state = 'waits'
  const waiting = flatWindow({ isFlat, time, signal: stop.signal, log, ...over })().then(
    () => (state = 'open'),
    (cause: unknown) => (state = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)),
  )
  return { time, stop, lines, waiting, state: () => state }
}

test('a flat book is waited for no longer than one question takes', async () => {
  const { waiting, state, time, lines } = window(() => true)
  await waiting
  assert.deepEqual([state(), time.clock.now(), lines.length, time.sleepers()], ['open', 0, 0, 0])
})

test('a swap waits until a position is closed, asking every five seconds', async () => {
  let flat = false
  let asked = 0
  const { time, state, lines } = window(async () => {
    asked++
    return flat
  })
  await time.advance(MINUTE)
  assert.deepEqual([state(), asked], ['waits', 13])
  flat = true
  await time.advance(5_000)
  assert.equal(state(), 'open')
  assert.deepEqual(lines, ['model.swap.waiting The swap waits for a flat book: a position may be open'])
  assert.equal(time.sleepers(), 0)
})

const doubts: readonly (readonly [string, FlatWindowOptions['isFlat']])[] = [
  [
    'throws',
    () => {
      throw new Error('no connection to the broker')
    },
  ],
  ['rejects', () => Promise.reject(new Error('no connection to the broker'))],
  ['never answers', () => new Promise<boolean>(() => {})],
  ['answers with something else than true', () => 'yes' as unknown as boolean],
  ['answers with nothing', () => undefined as unknown as boolean],
]
for (const [what, isFlat] of doubts) {
  test(`an isFlat that ${what} holds the swap until the wait is given up`, async () => {
    const { time, state } = window(isFlat)
    await time.advance(239 * MINUTE)
    assert.equal(state(), 'waits')
    await time.advance(2 * MINUTE)
    assert.equal(state(), 'SWAP_STARVED')
    assert.equal(time.sleepers(), 0)
  })
}

test('one who stops does not wait for the book, nor for an answer that never comes', async () => {
  for (const isFlat of [() => false, () => new Promise<boolean>(() => {})]) {
    const { time, stop, state, waiting } = window(isFlat)
    await time.advance(MINUTE)
    stop.abort('stopped')
    await waiting
    assert.deepEqual([state(), time.sleepers()], ['stopped', 0])
  }
})

test('a reason is told when it changes, not at every question', async () => {
  let fails = true
  const { time, lines } = window(() => {
    if (fails) throw new Error('no connection')
    return false
  })
  await time.advance(MINUTE)
  fails = false
  await time.advance(MINUTE)
  assert.deepEqual(
    lines.map(line => line.split(': ').at(-1)),
    ['no connection', 'a position may be open'],
  )
})
