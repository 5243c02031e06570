import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Rng, seededRng } from '../base/rng.ts'
import { DRIFT_LIMITS } from './drift-limits.ts'
import { driftStart, watchDrift } from './drift-watch.ts'
import { apart, type Outcome } from './outcome.ts'
import type { DriftSignal } from './signal.ts'

type Market = { readonly right: number; readonly r: number; readonly cost: number; readonly stated: number }

const GOOD: Market = { right: 0.7, r: 0.15, cost: 0.05, stated: 0.7 }

/** Outcomes one after the other in a market that is one thing before `turn` and another from there. */
function outcomes(count: number, rng: Rng, later: Partial<Market> = {}, turn = count / 2): Outcome[] {
  return Array.from({ length: count }, (_, at) => {
    const { right, r, cost, stated } = at < turn ? GOOD : { ...GOOD, ...later }
    return {
      from: at,
      at: at + 1,
      error: Number(rng.next() >= right),
      stated,
      r: r + 0.2 * rng.normal(),
      costR: cost + 0.02 * rng.normal(),
    }
  })
}

function watch(all: readonly Outcome[], limits = DRIFT_LIMITS) {
  let state = driftStart
  const found: (DriftSignal & { readonly seen: number })[] = []
  for (const outcome of all) {
    const step = watchDrift(state, outcome, limits)
    state = step.state
    found.push(...step.signals.map(signal => ({ ...signal, seen: state.seen })))
  }
  return { state, found }
}

const detectors = (found: readonly DriftSignal[]) => new Set(found.map(({ detector }) => detector))
const planted = (later: Partial<Market>) => watch(outcomes(600, seededRng(5).fork('planted'), later, 300)).found

test('an accuracy that falls is found by ADWIN and by the blocks, with what it fell from', () => {
  const found = planted({ right: 0.35, stated: 0.35 }).filter(({ seen }) => seen > 300)
  assert.ok(detectors(found).has('adwinError') && detectors(found).has('accuracy'))
  const { value, sentence } = found.find(({ detector }) => detector === 'adwinError')!
  assert.ok(value > 0.05, `${value}`)
  assert.match(sentence, /^the error rose from 0\.\d+ to 0\.\d+ \(ADWIN\)$/)
})

test('a mean R that falls is found although the model is as often right', () => {
  const found = detectors(planted({ r: -0.2 }))
  assert.ok(found.has('meanR') && !found.has('accuracy') && !found.has('adwinError'))
})

test('a cost that rises is found', () => {
  assert.ok(detectors(planted({ cost: 0.25 })).has('cost'))
})

test('chances that no longer come true are found though the model is as often right', () => {
  const found = detectors(planted({ stated: 0.95 }))
  assert.ok(found.has('calibration') && !found.has('accuracy'))
})

test('a model that gets better asks for nothing', () => {
  assert.deepEqual(detectors(planted({ right: 0.9, r: 0.5, cost: 0, stated: 0.9 })), new Set())
})

test('of 200 still blocks of fifty one in eight at most alarms by the block tests, and ADWIN and calibration hardly ever', () => {
  // Three tests at one in twenty, asked for a fall of 0.1 beside: what a wrong alarm costs is a training that the cooldown bounds.
  const { found } = watch(outcomes(10_000, seededRng(6).fork('still')))
  const count = (...names: string[]) => found.filter(({ detector }) => names.includes(detector)).length
  assert.ok(count('accuracy', 'meanR', 'cost') <= 25, `${count('accuracy', 'meanR', 'cost')}`)
  assert.ok(count('adwinError', 'adwinR', 'calibration') <= 2, `${count('adwinError', 'adwinR', 'calibration')}`)
})

test('below ten outcomes nothing is said, below a hundred nothing is asked for', () => {
  const sudden = Array.from({ length: 200 }, (_, at): Outcome => {
    return { from: at, at: at + 1, error: Number(at >= 40), stated: null, r: null, costR: null }
  })
  const { found } = watch(sudden)
  assert.ok(found.length > 0)
  for (const { level, seen } of found) assert.equal(level, seen >= 100 ? 'trigger' : 'warn')
  assert.ok(found[0]!.seen < 100)
  const eager = watch(sudden, { ...DRIFT_LIMITS, minReported: 150 })
  assert.deepEqual(eager.found, [])
  assert.deepEqual(eager.state, watch(sudden).state)
})

test('the state is plain data: saved and loaded in the middle it comes to the same', () => {
  const all = outcomes(260, seededRng(7), { right: 0.2 })
  const whole = watch(all)
  let state = watch(all.slice(0, 130)).state
  const rest: DriftSignal[] = []
  for (const outcome of all.slice(130)) {
    const step = watchDrift(JSON.parse(JSON.stringify(state)) as typeof state, outcome, DRIFT_LIMITS)
    state = step.state
    rest.push(...step.signals)
  }
  assert.deepEqual(state, whole.state)
  assert.equal(rest.length, whole.found.filter(({ seen }) => seen > 130).length)
})

test('of outcomes that overlap the first counts, then the next that begins when it has ended', () => {
  const spans = [
    [0, 9],
    [2, 3],
    [9, 12],
    [11, 30],
    [12, 13],
  ] as const
  assert.deepEqual(
    apart(spans.map(([from, at]) => ({ from, at }))).map(({ from }) => from),
    [0, 9, 12],
  )
})
