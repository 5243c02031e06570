import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cycleBars, type LoopCommand, type LoopState, loopStart, nextDue, slotBars, step } from './lifecycle.ts'

const DAY = 86_400_000
const OPTIONS = { everyBars: 10, warmupBars: 25, maxHoldBars: 80 }
const bar = (index: number, labelledRows = index, flat = true, skip = false) =>
  ({ type: 'bar', index, time: index * DAY, labelledRows, flat, skip }) as const

test('the first cycle starts after the warm-up and the next after the interval', () => {
  assert.equal(step(loopStart, bar(23), OPTIONS).command, undefined)
  const first = step(loopStart, bar(24), OPTIONS)
  assert.equal(first.command, 'train')
  const waiting = step(first.state, { type: 'trained', released: false }, OPTIONS).state
  assert.equal(step(waiting, bar(33), OPTIONS).command, undefined)
  assert.equal(step(waiting, bar(34), OPTIONS).command, 'train')
})

test('a cycle starts only when there are more labelled rows than at the last one', () => {
  const trained = step(step(loopStart, bar(24, 7), OPTIONS).state, { type: 'trained', released: false }, OPTIONS).state
  assert.equal(step(trained, bar(40, 7), OPTIONS).command, undefined)
  assert.equal(step(trained, bar(40, 8), OPTIONS).command, 'train')
})

test('drift brings a cycle forward where there is something new to learn, and the schedule begins anew from it', () => {
  const trained = step(step(loopStart, bar(24), OPTIONS).state, { type: 'trained', released: false }, OPTIONS).state
  assert.equal(step(trained, { ...bar(27, 24), asked: true }, OPTIONS).command, undefined)
  const early = step(trained, { ...bar(27), asked: true }, OPTIONS)
  assert.equal(early.command, 'train')
  assert.deepEqual(nextDue(early.state, OPTIONS), { bar: 37 })
  const holding = step(
    step(early.state, { type: 'trained', released: true }, OPTIONS).state,
    { type: 'published', index: 27 },
    OPTIONS,
  )
  assert.equal(step(holding.state, { ...bar(28, 28, false), asked: true }, OPTIONS).command, undefined)
})

test('a release waits for a flat book, but not for ever', () => {
  const trained = step(step(loopStart, bar(24), OPTIONS).state, { type: 'trained', released: true }, OPTIONS)
  assert.equal(trained.command, 'publish')
  const held = step(trained.state, { type: 'published', index: 24 }, OPTIONS).state
  assert.equal(step(held, bar(25, 25, false), OPTIONS).command, undefined)
  assert.equal(step(held, bar(26, 26, true), OPTIONS).command, 'sync')
  assert.equal(step(held, bar(104, 104, false), OPTIONS).command, 'sync')
})

test('a skipped slot is counted and runs nothing', () => {
  const { state, command } = step(loopStart, bar(24, 24, true, true), OPTIONS)
  assert.deepEqual([command, state.phase, state.skipped, state.cycles], [undefined, 'waiting', 1, 0])
})

test('an event that the phase does not know is a bug', () => {
  assert.throws(() => step(loopStart, { type: 'synced' }, OPTIONS), RangeError)
})

test('whatever happens, commands come in the order train, publish, sync', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ flat: fc.boolean(), released: fc.boolean() }), { maxLength: 300 }), happenings => {
      let state: LoopState = loopStart
      const commands: LoopCommand[] = []
      for (const [index, { flat, released }] of happenings.entries()) {
        let made = step(state, bar(index, index, flat), OPTIONS)
        for (; made.command !== undefined; ) {
          commands.push(made.command)
          const answer =
            made.command === 'train'
              ? ({ type: 'trained', released } as const)
              : made.command === 'publish'
                ? ({ type: 'published', index } as const)
                : ({ type: 'synced' } as const)
          made = step(made.state, answer, OPTIONS)
        }
        state = made.state
      }
      assert.match(commands.map(command => command[0]).join(''), /^(t(ps)?)*(tp)?$/)
    }),
  )
})

test('a file gives at most 48 cycles', () => {
  assert.deepEqual([100, 3024, 5105, 38639].map(cycleBars), [63, 63, 107, 805])
})

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A slot of an hour over bars of ten minutes. */
const BY_TIME = { everyBars: 6, everyMs: HOUR, warmupBars: 3, maxHoldBars: 48 }
const START = Date.UTC(2026, 0, 5, 9, 35)

/** Times of the bars at which a cycle began, when each training ends without a release. */
function cycleTimes(times: readonly number[], grown: (index: number) => boolean = () => true): number[] {
  let state: LoopState = loopStart
  let labelledRows = 0
  const begun: number[] = []
  for (const [index, time] of times.entries()) {
    if (grown(index)) labelledRows++
    const made = step(state, { type: 'bar', index, time, labelledRows, flat: true, skip: false }, BY_TIME)
    state = made.state
    if (made.command !== 'train') continue
    begun.push(time)
    state = step(state, { type: 'trained', released: false }, BY_TIME).state
  }
  return begun
}

const slotOf = (time: number): number => Math.floor(time / HOUR)

test('by time the first cycle ends the warm-up, and each further one begins with its slot of UTC', () => {
  const times = Array.from({ length: 20 }, (_, i) => START + i * 10 * MINUTE)
  const clock = cycleTimes(times).map(time => new Date(time).toISOString().slice(11, 16))
  assert.deepEqual(clock, ['09:55', '10:05', '11:05', '12:05'])
})

test('slots in which no bar came are not made up for', () => {
  const night = 15 * HOUR
  const times = [0, 10, 20, 30].map(min => START + min * MINUTE)
  const morning = times.map(time => time + night)
  assert.deepEqual(cycleTimes([...times, ...morning]), [times[2], times[3], morning[0], morning[3]])
})

test('a slot without new rows is begun late in it, once there are some', () => {
  const times = Array.from({ length: 12 }, (_, i) => START + i * 10 * MINUTE)
  const begun = cycleTimes(times, index => index < 3 || index === 6)
  assert.deepEqual(begun, [times[2], times[6]])
})

test('whatever times bars come at, a slot has at most one cycle, and every slot with bars and new rows has one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 * HOUR }), { minLength: 1, maxLength: 200 }), waits => {
      let time = START
      const times = waits.map(wait => (time += wait))
      const slots = cycleTimes(times).map(slotOf)
      assert.equal(new Set(slots).size, slots.length)
      assert.deepEqual(slots, [...new Set(times.slice(BY_TIME.warmupBars - 1).map(slotOf))])
    }),
  )
})

test('the next slot is known before it begins', () => {
  const first = step(loopStart, { ...bar(2), time: START }, BY_TIME).state
  assert.deepEqual(nextDue(first, BY_TIME), { time: Date.UTC(2026, 0, 5, 10) })
  assert.deepEqual(nextDue(loopStart, BY_TIME), { bar: 2 })
})

test('what counts in bars follows from how many of them a slot is long', () => {
  assert.deepEqual([slotBars(12 * HOUR, MINUTE), slotBars(HOUR, HOUR), slotBars(30 * MINUTE, 24 * HOUR)], [720, 1, 1])
})

test('with pinned or handed-over positions a release waits for nothing; a patient bot waits on and says so once', () => {
  const holding = { ...loopStart, phase: 'holding', heldSince: 30 } as const
  const open = bar(31, 31, false)
  for (const policy of ['pinToEntry', 'handoff'] as const) {
    const { command, positions } = step(holding, open, { ...OPTIONS, swap: { policy, onStarve: 'keepWaiting' } })
    assert.deepEqual([command, positions], ['sync', policy])
  }
  const swap = { policy: 'flatOnly', onStarve: 'keepWaiting' } as const
  const told = [109, 110, 111].map(index => step(holding, bar(index, index, false), { ...OPTIONS, swap }))
  assert.deepEqual(
    told.map(({ command, starved }) => [command, starved]),
    [
      [undefined, false],
      [undefined, true],
      [undefined, false],
    ],
  )
  const starved = step(holding, bar(110, 110, false), OPTIONS)
  assert.deepEqual([starved.command, starved.positions, starved.starved], ['sync', 'pinToEntry', true])
})
