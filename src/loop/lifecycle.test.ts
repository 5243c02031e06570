import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cycleBars, type LoopCommand, type LoopState, loopStart, step } from './lifecycle.ts'

const OPTIONS = { everyBars: 10, warmupBars: 25, maxHoldBars: 80 }
const bar = (index: number, labelledRows = index, flat = true, skip = false) =>
  ({ type: 'bar', index, labelledRows, flat, skip }) as const

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
