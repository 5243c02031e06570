import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicClock } from './clock.ts'
import { loopLag } from './loop-lag.ts'

/** Keeps the thread, as long synchronous work does. */
const stall = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('fault 165: a stall of 200 ms is detected, wherever it falls between two turns', async () => {
  const late: number[] = []
  const end = loopLag({ stopwatch: monotonicClock, everyMs: 20, onTurn: ms => late.push(ms) })
  await sleep(30)
  stall(200)
  await sleep(30)
  end()
  const turns = late.length
  assert.ok(Math.max(...late) >= 175, `${Math.max(...late)} ms at most`)
  assert.ok(late.every(ms => ms >= 0))
  await sleep(50)
  assert.equal(late.length, turns)
})
