import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ReplayClock, replayClock } from '../clock.ts'
import { unwrap } from '../fault.ts'
import { seededRng } from '../rng.ts'
import { type Breaker, type BreakerState, circuitBreaker, type Permit, type Settlement } from './breaker.ts'

const long = process.env['RATCHET_LONG'] === '1'
const SECOND = 1_000

/** The reference: keeps everything that ever happened and works the state out from that, by the words of the table. */
function reference(now: () => number) {
  type Ended = { readonly at: number; readonly how: Settlement; readonly tookMs: number; readonly phase: number }
  const ended: Ended[] = []
  const openings: { readonly at: number; readonly forMs: number }[] = []
  const phases: BreakerState[] = ['closed']
  let closedAt = now()
  let probing = 0
  const phase = () => phases.length - 1
  const state = () => phases.at(-1)!

  /** Openings of before a quiet 300 s. */
  let forgotten = 0
  const open = (at: number): void => {
    const doublings = openings.length - forgotten
    openings.push({ at, forMs: Math.min(300 * SECOND, 60 * SECOND * 2 ** doublings) })
    phases.push('open')
  }
  return {
    state,
    admit(): number | undefined {
      const last = openings.at(-1)
      if (state() === 'open' && now() - last!.at >= last!.forMs) {
        phases.push('halfOpen')
        probing = 0
      }
      if (state() === 'open') return undefined
      if (state() === 'halfOpen') {
        if (probing > 0) return undefined
        probing = 1
      }
      return phase()
    },
    settle(admitted: number, tookMs: number, how: Settlement): void {
      if (admitted !== phase()) return
      const at = now()
      if (state() === 'halfOpen') {
        probing = 0
        if (how === 'failed') open(at)
        if (how === 'succeeded') {
          phases.push('closed')
          closedAt = at
        }
        return
      }
      if (how === 'cancelled') return
      const mine = ended.filter(call => call.phase === phase())
      if (how === 'failed') {
        const lastFailure = mine.findLast(call => call.how === 'failed')?.at
        if (at - (lastFailure ?? closedAt) >= 300 * SECOND) forgotten = openings.length
      }
      ended.push({ at, how, tookMs, phase: phase() })
      mine.push(ended.at(-1)!)
      const lastFive = mine.slice(-5)
      const window = mine.filter(call => call.at > at - 30 * SECOND)
      const failures = window.filter(call => call.how === 'failed').length
      const slow = window.filter(call => call.tookMs > 5 * SECOND).length
      const consecutive = lastFive.length === 5 && lastFive.every(call => call.how === 'failed')
      const shares = window.length >= 10 && (failures * 2 >= window.length || slow * 10 >= window.length * 8)
      if (consecutive || shares) open(at)
    },
  }
}

type Made = { readonly breaker: Breaker; readonly changes: (readonly [BreakerState, BreakerState])[] }
type Make = (clock: ReplayClock) => Made

function made(clock: ReplayClock, wrong: object = {}): Made {
  const changes: [BreakerState, BreakerState][] = []
  const onChange = (to: BreakerState, from: BreakerState) => changes.push([from, to])
  return { breaker: circuitBreaker({ clock, onChange, ...wrong }), changes }
}

/** Random commands against both; says at which command they first differ. */
function firstDifference(commands: number, seed: string, make: Make): number | undefined {
  const rng = seededRng(seed)
  const clock = replayClock(0)
  const { breaker, changes } = make(clock)
  const model = reference(() => clock.now())
  const calls: { readonly permit: Permit; readonly admitted: number; readonly began: number }[] = []
  // Moods last a while, so that long runs of failures, of successes and of silence all occur.
  let [mood, seen, changedAt] = [0, 0, 0]
  for (let n = 0; n < commands; n++) {
    if (rng.int(40) === 0) mood = rng.int(4)
    const choice = rng.int(10)
    if (choice < 4) {
      const mine = breaker.admit()
      const admitted = model.admit()
      if (mine.ok !== (admitted !== undefined)) return n
      if (mine.ok) calls.push({ permit: mine.value, admitted: admitted!, began: clock.now() })
    } else if (choice < 8 && calls.length > 0) {
      const [call] = calls.splice(rng.int(calls.length), 1)
      const failing = rng.next() < [0.02, 0.5, 0.95, 0.3][mood]!
      const how = rng.int(15) === 0 ? 'cancelled' : failing ? 'failed' : 'succeeded'
      call!.permit.settle(how)
      // Said twice, it counts once.
      if (rng.int(10) === 0) call!.permit.settle('failed')
      model.settle(call!.admitted, clock.now() - call!.began, how)
    } else if (rng.int(4) === 0) {
      // To a boundary, or a millisecond before it.
      const since = [60, 120, 240, 300][rng.int(4)]! * SECOND - rng.int(2)
      clock.advanceTo(Math.max(clock.now(), changedAt + since))
    } else {
      const step = [200, 3_000, 40_000, 200_000][rng.int(10) < 6 ? 0 : mood]!
      clock.advanceTo(clock.now() + rng.int(step))
    }
    if (breaker.state() !== model.state()) return n
    if (changes.length !== seen) changedAt = clock.now()
    seen = changes.length
  }
  assert.ok(!changes.some(([from, to]) => from === 'closed' && to === 'halfOpen'), 'closed went to half-open')
  for (const kind of ['closed-open', 'open-halfOpen', 'halfOpen-closed', 'halfOpen-open']) {
    assert.ok(
      changes.some(change => change.join('-') === kind),
      `no ${kind} in the run`,
    )
  }
  return undefined
}

test('fault 159: RSL-05, any history of calls and times gives the states of the reference; closed never goes to half-open', t => {
  const [runs, commands] = long ? [10, 100_000] : [1, 10_000]
  for (let run = 0; run < runs; run++) assert.equal(firstDifference(commands, `breaker ${run}`, made), undefined)
  t.diagnostic(`${runs} x ${commands} commands, seeds "breaker 0" onwards`)
})

const WRONG: Readonly<Record<string, object>> = {
  'a threshold of 6': { failureThreshold: 6 },
  'an open time that is a millisecond short': { openMs: 59_999 },
  'an open time that grows further': { maxOpenMs: 480_000 },
  'two probes at once': { halfOpenProbes: 2 },
  'a memory that is a second short': { recoveryMs: 299_000 },
  'a window of 29 s': { windowMs: 29_000 },
  'a share of 60 %': { failureShare: 0.6 },
  'no eye for slowness': { slowMs: 1e9 },
}
for (const [what, options] of Object.entries(WRONG)) {
  test(`the reference finds a breaker with ${what}`, () => {
    assert.notEqual(
      firstDifference(50_000, 'wrong', clock => made(clock, options)),
      undefined,
    )
  })
}

test('the fifth failure in a row opens it for 60 s, then one probe at a time is let through', () => {
  const clock = replayClock(0)
  const { breaker } = made(clock)
  for (let n = 0; n < 5; n++) unwrap(breaker.admit()).settle('failed')
  const admission = breaker.admit()
  assert.equal(admission.ok ? '' : admission.fault.code, 'BREAKER_OPEN')
  clock.advanceTo(60_000)
  const probe = unwrap(breaker.admit())
  assert.equal(breaker.state(), 'halfOpen')
  assert.equal(breaker.admit().ok, false)
  probe.settle('cancelled')
  unwrap(breaker.admit()).settle('failed')
  assert.equal(breaker.state(), 'open')
})

test('every opening lasts twice as long as the one before, at most 300 s, until 300 s went by without a failure', () => {
  const clock = replayClock(0)
  const { breaker } = made(clock)
  const opened = (): number => {
    const at = clock.now()
    while (!breaker.admit().ok) clock.advanceTo(clock.now() + 1_000)
    return clock.now() - at
  }
  const fail = (): void => {
    const admission = breaker.admit()
    if (admission.ok) admission.value.settle('failed')
  }
  const durations: number[] = []
  for (let n = 0; n < 5; n++) fail()
  for (let n = 0; n < 5; n++) {
    const at = clock.now()
    let admission = breaker.admit()
    for (; !admission.ok; admission = breaker.admit()) clock.advanceTo(clock.now() + 1_000)
    durations.push(clock.now() - at)
    admission.value.settle(n < 4 ? 'failed' : 'succeeded')
  }
  assert.deepEqual(durations, [60_000, 120_000, 240_000, 300_000, 300_000])
  clock.advanceTo(clock.now() + 300_000)
  for (let n = 0; n < 5; n++) fail()
  assert.equal(opened(), 60_000)
})

test('fault 162: a breaker that begins from a mark gives the answers that the one before would have given', () => {
  const rng = seededRng('marks')
  for (let n = 0; n < 200; n++) {
    const clock = replayClock(rng.int(1_000_000))
    const { breaker: before } = made(clock)
    for (let calls = rng.int(40); calls > 0; calls--) {
      const admission = before.admit()
      if (admission.ok) admission.value.settle(rng.next() < 0.8 ? 'failed' : 'succeeded')
      // Failures over more than 30 s, so that only those in a row count.
      clock.advanceTo(clock.now() + 20_000 + rng.int(100_000))
    }
    for (let fails = rng.int(6); fails > 0; fails--) {
      const admission = before.admit()
      if (admission.ok) admission.value.settle('failed')
    }
    const after = circuitBreaker({ clock, from: before.mark() })
    for (let steps = 0; steps < 30; steps++) {
      clock.advanceTo(clock.now() + rng.int(90_000))
      const [old, fresh] = [before.admit(), after.admit()]
      assert.equal(fresh.ok, old.ok, `mark ${n}, step ${steps}`)
      const how = rng.next() < 0.7 ? 'failed' : 'succeeded'
      if (old.ok && fresh.ok) for (const { value } of [old, fresh]) value.settle(how)
      assert.equal(after.state(), before.state())
    }
  }
})

test('a breaker at rest leaves no mark, and one that was probing is open until the next probe', () => {
  const clock = replayClock(0)
  const { breaker } = made(clock)
  assert.equal(breaker.mark(), undefined)
  for (let n = 0; n < 5; n++) unwrap(breaker.admit()).settle('failed')
  clock.advanceTo(60_000)
  unwrap(breaker.admit())
  assert.deepEqual(breaker.mark(), { openForMs: 0, openings: 1, failures: 0, quietForMs: 60_000 })
  const after = circuitBreaker({ clock, from: breaker.mark() })
  assert.equal(after.state(), 'open')
  unwrap(after.admit()).settle('succeeded')
  assert.equal(after.state(), 'closed')
  clock.advanceTo(clock.now() + 300_000)
  assert.equal(after.mark(), undefined)
})

test('no mark keeps a place closed to us for longer than any breaker would', () => {
  const clock = replayClock(0)
  const from = { openForMs: 1e12, openings: 3, failures: 0, quietForMs: 0 }
  const after = circuitBreaker({ clock, from })
  clock.advanceTo(300_000)
  assert.equal(after.admit().ok, true)
})
