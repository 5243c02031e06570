import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../fault.ts'
import { virtualTime } from '../fixtures/virtual-time.ts'
import type { Log } from '../log.ts'
import { seededRng } from '../rng.ts'
import { backoffMs } from './backoff.ts'
import { type PolicyOptions, resiliencePolicy } from './policy.ts'
import { retryBudget } from './retry-budget.ts'

const busy = (code = 'BUSY') => new Fault(code, 'busy')
const kindOf: PolicyOptions['kindOf'] = failure => {
  const code = failure instanceof Fault ? failure.code : ''
  if (code === 'PAUSE') return { retry: true, counts: true, pauseMs: 40_000 }
  return { retry: code === 'BUSY' ? true : code === 'SOFT' ? 'soft' : false, counts: code === 'BUSY' }
}

function world(over: Partial<PolicyOptions> = {}) {
  const time = virtualTime()
  const lines: string[] = []
  const log: Log = { write: (_, event, text) => lines.push(`${event} ${text}`) }
  const policy = resiliencePolicy({ ...time, rng: seededRng(1), log, kindOf, ...over })
  const never = new AbortController().signal
  const request = { host: 'a.example', operation: 'poll', totalMs: 300_000, signal: never }
  /** What it comes to, or the code of its fault. */
  const run = (attempt: () => Promise<unknown>, more: Partial<typeof request> = {}): Promise<unknown> =>
    time.through(
      policy
        .run({ ...request, ...more }, attempt)
        .catch((cause: unknown) => (cause instanceof Fault ? cause.code : cause)),
    )
  return { time, policy, request, run, lines }
}

/** Fails so many times, then answers. */
function failing(times: number, code = 'BUSY') {
  const at: number[] = []
  return (clock: { now(): number }) => ({
    at,
    attempt: async () => {
      at.push(clock.now())
      if (at.length <= times) throw busy(code)
      return 'done'
    },
  })
}

test('a failure that may pass is tried again, at most three times, and the waits are told', async () => {
  const { run, time, lines } = world()
  const three = failing(3)(time.clock)
  assert.equal(await run(three.attempt), 'done')
  assert.equal(lines.filter(line => line.startsWith('resilience.retry')).length, 3)
  const waits = three.at.slice(1).map((at, n) => at - three.at[n]!)
  for (const [n, wait] of waits.entries())
    assert.ok(wait >= 0 && wait <= 1_000 * 2 ** n, `retry ${n + 1} after ${wait} ms`)
  const four = failing(4)(time.clock)
  assert.equal(await world().run(four.attempt), 'BUSY')
  assert.equal(four.at.length, 4)
})

test('what will not pass is not tried again', async () => {
  const { run, time } = world()
  const { at, attempt } = failing(1, 'FORGED')(time.clock)
  assert.equal(await run(attempt), 'FORGED')
  assert.equal(at.length, 1)
})

test('fault 160: a thousand failing calls make no more retries than three and a tenth of the calls of a minute', async () => {
  const { run, time } = world({ breaker: { failureThreshold: 1e9, failureShare: 2, slowShare: 2 }, perMinute: 6e4 })
  let attempts = 0
  for (let n = 0; n < 1_000; n++) {
    await run(async () => {
      attempts++
      throw busy()
    })
  }
  const minutes = Math.ceil(time.clock.now() / 60_000)
  assert.ok(attempts - 1_000 <= Math.max(3 * minutes, 100 + 3 * minutes), `${attempts - 1_000} retries`)
  assert.ok(attempts > 1_000)
})

test('operations, not attempts, open the breaker: five times four attempts', async () => {
  const { run, time, lines } = world({ budget: { least: 100 } })
  let attempts = 0
  const fail = async () => {
    attempts++
    throw busy()
  }
  for (let n = 0; n < 5; n++) assert.equal(await run(fail), 'BUSY')
  assert.equal(attempts, 20)
  assert.equal(await run(fail), 'BREAKER_OPEN')
  assert.equal(attempts, 20)
  assert.ok(lines.includes('resilience.breaker a.example poll: closed -> open'))
  assert.equal(await run(async () => 'other', { operation: 'fetch' }), 'other')
  await time.advance(60_000)
  assert.equal(await run(async () => 'well'), 'well')
  assert.ok(lines.includes('resilience.breaker a.example poll: halfOpen -> closed'))
})

test('a soft failure is tried again and counted by nobody', async () => {
  const { run } = world({ budget: { least: 0, ratio: 0 } })
  for (let n = 0; n < 20; n++) {
    let attempts = 0
    const soft = async () => {
      attempts++
      throw busy('SOFT')
    }
    assert.equal(await run(soft), 'SOFT')
    assert.equal(attempts, 4)
  }
  assert.equal(await run(async () => 'well'), 'well')
})

test('a place that asks to be left alone is left alone by every operation on it', async () => {
  const { run, time } = world()
  const first = failing(1, 'PAUSE')(time.clock)
  assert.equal(await run(first.attempt), 'done')
  assert.deepEqual(first.at, [0, 40_000])
  const second = failing(1, 'PAUSE')(time.clock)
  assert.equal(await run(second.attempt, { totalMs: 30_000 }), 'PAUSE')
  assert.equal(second.at.length, 1)
  assert.equal(await run(async () => 'early', { totalMs: 30_000, operation: 'fetch' }), 'RATE_PAUSED')
  await time.advance(40_000)
  assert.equal(await run(async () => 'late'), 'late')
})

test('the total deadline ends an attempt that hangs, counts as a failure, and leaves no sleeper', async () => {
  const { policy, request, time } = world()
  const hanging = policy.run(
    { ...request, totalMs: 5_000 },
    signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  )
  const refusal = assert.rejects(hanging, { code: 'DEADLINE_EXCEEDED' })
  await time.advance(5_000)
  await refusal
  assert.equal(time.sleepers(), 0)
})

test('called off while it waits for the next try, an operation ends with the reason and counts as nothing', async () => {
  const { policy, request, time, lines } = world({ budget: { least: 100 } })
  for (let n = 0; n < 8; n++) {
    const abort = new AbortController()
    const reason = new Error('called off')
    const running = policy.run({ ...request, signal: abort.signal }, async () => Promise.reject(busy()))
    const refusal = assert.rejects(running, reason)
    await time.advance(0)
    abort.abort(reason)
    await refusal
  }
  assert.equal(time.sleepers(), 0)
  assert.ok(!lines.some(line => line.startsWith('resilience.breaker')))
})

test('a reader that stops early ends the operation well', async () => {
  const { policy, request, time } = world()
  let ended = false
  for await (const n of policy.stream(request, async function* () {
    try {
      yield 1
      yield 2
    } finally {
      ended = true
    }
  })) {
    if (n === 1) break
  }
  assert.ok(ended)
  assert.equal(time.sleepers(), 0)
})

test('the waits are uniform up to the cap that doubles', () => {
  const rng = seededRng(3)
  for (const [n, cap] of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
    const waits = Array.from({ length: 4_000 }, () => backoffMs(n + 1, rng) / cap)
    assert.ok(waits.every(wait => wait >= 0 && wait < 1))
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    // Standard error of the mean of 4,000 uniforms: 0.0046.
    assert.ok(Math.abs(mean - 0.5) < 0.02, `${n}: ${mean}`)
  }
})

test('the budget gives three retries a minute, or a tenth of the calls', () => {
  const time = { at: 0 }
  const budget = retryBudget({ clock: { now: () => time.at } })
  const taken = () => {
    let n = 0
    while (budget.take()) n++
    return n
  }
  assert.equal(taken(), 3)
  time.at = 60_000
  for (let n = 0; n < 100; n++) budget.called()
  assert.equal(taken(), 10)
})
