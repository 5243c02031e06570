import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { type AdwinChange, type AdwinState, adwin, adwinStart, adwinWindow } from './adwin.ts'

type Case = {
  readonly values: readonly number[]
  readonly changes: readonly { readonly at: number; readonly n: number; readonly mean: number }[]
  readonly n: number
  readonly mean: number
}

const cases = JSON.parse(readFileSync(new URL('fixtures/adwin.json', import.meta.url), 'utf8')) as Record<string, Case>
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`)

/** All changes of a stream with where they were found. */
function changesOf(values: readonly number[], delta?: number) {
  let state = adwinStart
  const changes: (AdwinChange & { readonly at: number })[] = []
  for (const [at, value] of values.entries()) {
    const step = adwin(state, value, delta)
    state = step.state
    if (step.change !== undefined) changes.push({ at, ...step.change })
  }
  return { changes, window: adwinWindow(state) }
}

for (const [name, { values, changes, n, mean }] of Object.entries(cases)) {
  test(`a window that keeps every value whole finds the same changes: ${name}`, () => {
    const ours = changesOf(values)
    assert.deepEqual(
      ours.changes.map(({ at, n }) => [at, n]),
      changes.map(({ at, n }) => [at, n]),
    )
    for (const [place, { after }] of ours.changes.entries()) near(after, changes[place]!.mean)
    assert.equal(ours.window.n, n)
    near(ours.window.mean, mean)
  })
}

test('over a thousand still streams fewer raise a false alarm than twice the delta, whatever their values', () => {
  // 500 values of coins and as many of a flat density: the bound of the paper is for each moment, what is counted are whole streams.
  const rng = seededRng(1).fork('still')
  let alarmed = 0
  for (let stream = 0; stream < 1000; stream++) {
    const coin = stream % 2 === 0
    const values = Array.from({ length: 500 }, () => (coin ? Number(rng.next() < 0.4) : rng.next()))
    if (changesOf(values).changes.length > 0) alarmed++
  }
  assert.ok(alarmed <= 4, `${alarmed} of 1000`)
})

test('a step is found soon, a larger one sooner, and most of the window is what came after it', () => {
  const delays = (rise: number): number[] => {
    const rng = seededRng(2).fork(`step ${rise}`)
    return Array.from({ length: 100 }, () => {
      const values = Array.from({ length: 700 }, (_, at) => Number(rng.next() < (at < 300 ? 0.3 : 0.3 + rise)))
      const { changes, window } = changesOf(values)
      assert.ok(window.mean > 0.3 + rise / 2, `${window.mean}`)
      return changes.find(({ at }) => at >= 300)!.at - 300
    }).sort((a, b) => a - b)
  }
  const [large, small] = [delays(0.5), delays(0.3)]
  assert.ok(large[94]! <= 100, `${large[94]}`)
  assert.ok(small[94]! <= 250, `${small[94]}`)
  assert.ok(large[50]! < small[50]!)
})

test('a change says from where to where the mean went', () => {
  const { changes } = changesOf(Array.from({ length: 400 }, (_, at) => (at < 200 ? 0.2 : 0.8)))
  assert.ok(changes[0]!.before < 0.3 && changes[0]!.after > changes[0]!.before)
})

test('the state is plain data and is never written to', () => {
  let state: AdwinState = adwinStart
  for (let i = 0; i < 100; i++) {
    const kept = JSON.stringify(state)
    const next = adwin(state, i % 2).state
    assert.equal(JSON.stringify(state), kept)
    assert.deepEqual(adwin(JSON.parse(kept) as AdwinState, i % 2).state, next)
    state = next
  }
  const buckets = state.rows.flat().length
  assert.ok(buckets <= 40, `${buckets} buckets for 100 values`)
})

test('a value that is not between 0 and 1 is a bug of the caller', () => {
  for (const value of [-0.1, 1.5, Number.NaN]) assert.throws(() => adwin(adwinStart, value), RangeError)
})
