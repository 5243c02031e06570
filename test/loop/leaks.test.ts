// Three ways to look ahead, planted on the S&P 500 sample: in a feature, in a label, in a split. Each is caught, and the product as it is
// is not flagged. More of them beside this file: in features, in fits. Seed of the cuts 1.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { seededRng } from '../../src/base/rng.ts'
import { findLeaks, type NamedLeak } from '../../src/loop/find-leaks.ts'
import { replayLimits } from '../../src/loop/limits-of.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { SPX } from '../../src/market/instrument.ts'
import { walkForward } from '../../src/math/splits.ts'
import { baselineModels } from '../../src/trading/baseline.ts'
import { candidateBook } from '../../src/trading/candidates.ts'
import type { Observe } from '../../src/trading/leak-lint.ts'
import { candidatesKnown, observeCandidates } from '../../src/trading/observe-candidates.ts'
import { observeDecisions } from '../../src/trading/observe-decisions.ts'
import { GENERAL_STRATEGIES } from '../../src/trading/strategies/index.ts'
import { eventsOf, knownBars } from '../../src/training/events.ts'
import { sp500Bars } from '../sp500.ts'
import { openWorld } from './ports.ts'

const world = await openWorld()
after(() => world.close())

const file = fileURLToPath(new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url))
const series = { file, symbol: 'SPX', zone: undefined, map: undefined, barMs: undefined, calendar: undefined }
const makeBook = () =>
  candidateBook({
    instrument: SPX,
    calendar: calendarOf('nyse'),
    barMs: 86_400_000,
    hasVolume: true,
    strategies: GENERAL_STRATEGIES,
  })
const honest = observeCandidates(makeBook)

const { signal } = new AbortController()
const leaksOf = async (samples: number, observe: Observe): Promise<readonly NamedLeak[]> =>
  (await findLeaks({ series, seed: 1, samples, signal, observe }, world.ports)).leaks

const clean = async (from: typeof series) => {
  const { leaks, training, samples } = await findLeaks({ series: from, seed: 1, samples: 200, signal }, world.ports)
  assert.deepEqual([leaks, training, samples], [[], { splits: [], parts: [] }, 200])
}

test('the product is not flagged on 200 cuts of seven years, its decisions included, nor by what it fits on them', async () => {
  const seven = join(world.state.directory, 'seven.csv')
  writeFileSync(seven, readFileSync(file, 'utf8').split('\n').slice(0, 1_800).join('\n'))
  await clean({ ...series, file: seven })
})

const long = process.env['RATCHET_LONG'] !== '1' ? 'twenty years take half a minute; RATCHET_LONG=1 runs it' : false
test('nor on 200 cuts of twenty years', { skip: long }, async () => {
  await clean(series)
})

test('a decision that knows the next bar is caught and named', async () => {
  const decided = observeDecisions(
    makeBook,
    {
      instrument: SPX,
      calendar: calendarOf('nyse'),
      barMs: 86_400_000,
      hasVolume: true,
      models: baselineModels(GENERAL_STRATEGIES.map(({ name }) => name)),
      limits: replayLimits(world.ports.settings, 'SPX'),
      seed: 1,
    },
    candidatesKnown,
  )
  const peeking: Observe = bars =>
    decided(bars).map((known, index) => {
      const last = known.at(-1)
      return last === undefined ? known : [...known.slice(0, -1), last + (bars[index + 1]?.close ?? 0)]
    })
  const leaks = await leaksOf(10, peeking)
  assert.ok(leaks.length >= 8, `${leaks.length}`)
  assert.deepEqual([...new Set(leaks.map(({ column }) => column))], ['a decision or a fill'])
})

test('a feature that reads the next bar is caught and named', async () => {
  // The ema20 of the first stance: seven numbers of the stance stand before the features, three features before this one.
  const peeking: Observe = bars =>
    honest(bars).map((known, index) =>
      known.length < 24 ? known : [...known.slice(0, 10), bars[index + 1]?.close ?? 0, ...known.slice(11)],
    )
  const leaks = await leaksOf(10, peeking)
  assert.ok(leaks.length >= 8, `${leaks.length}`)
  assert.deepEqual([...new Set(leaks.map(({ column }) => column))], ['feature ema20 of stance 1'])
})

test('a label that stands at its signal before the market has decided it is caught and named', async () => {
  const early: Observe = bars => {
    const known = honest(bars)
    const book = makeBook()
    const events = bars.map(bar => book.update(bar))
    const { state, win, r } = book.table
    return events.map(({ firstRow, rowCount }, bar) => {
      // In the place of the first outcome that is known at the bar stands the one of its own first stance.
      const at = rowCount * 24
      const all = known[bar]!
      if (rowCount === 0 || all.length === at) return all
      return [...all.slice(0, at), firstRow, state[firstRow]!, win[firstRow]!, r[firstRow]!, ...all.slice(at + 4)]
    })
  }
  const leaks = await leaksOf(10, early)
  assert.ok(leaks.length >= 8, `${leaks.length}`)
  for (const { column } of leaks) assert.match(column, /^label (state|win|r) of outcome \d+$/)
})

const bars = sp500Bars()
const book = makeBook()
for (const bar of bars) book.update(bar)
const { time, end, strongest } = eventsOf(book.table, knownBars(book.table, Number.POSITIVE_INFINITY))

type Split = { readonly train: Int32Array; readonly validate: Int32Array }
const { folds, fit, holdout } = walkForward({ start: time, end })
const purged: readonly Split[] = [...folds, { train: fit, validate: holdout }]
/** The same splits by time alone: a label counts although it was not known when validation began. */
const byTime = purged.map(({ validate }) => ({
  validate,
  train: Int32Array.from({ length: validate[0]! }, (_, row) => row),
}))

/** Events of the training part whose outcome was not known when validation began. */
const lookingAhead = ({ train, validate }: Split): number =>
  train.filter(event => end[event]! >= time[validate[0]!]!).length

/**
 * SPLIT-02 with the spans of real labels: an outcome is the sign of noise drawn over its own span, so that nothing but the future tells it.
 * Gives how often the newest outcome that training has equals the first ones of validation.
 */
function foresight(splits: readonly Split[]): number {
  const barOf = new Map(bars.map(({ knownAt }, index) => [knownAt, index]))
  const rng = seededRng(1).fork('foresight')
  let right = 0
  let asked = 0
  for (let draw = 0; draw < 300; draw++) {
    const path = [0]
    for (let bar = 0; bar < bars.length; bar++) path.push(path[bar]! + rng.normal())
    const won = (event: number): boolean =>
      path[barOf.get(end[event]!)! + 1]! > path[book.table.bar[strongest[event]!]! + 1]!
    for (const { train, validate } of splits) {
      const newest = won(train.at(-1)!)
      for (const event of validate.subarray(0, 10)) {
        if (won(event) === newest) right++
        asked++
      }
    }
  }
  return right / asked
}

test('a split that keeps labels from beyond its boundary is caught, and none of ours does', () => {
  assert.deepEqual(purged.map(lookingAhead), [0, 0, 0, 0, 0, 0])
  for (const split of byTime) assert.ok(lookingAhead(split) > 5, `${lookingAhead(split)}`)
})

test('what such a split would know of the future shows in its score: none with the purge, much without', () => {
  const honestScore = foresight(purged)
  assert.ok(Math.abs(honestScore - 0.5) < 0.03, `${honestScore}`)
  const leaky = foresight(byTime)
  assert.ok(leaky > 0.6, `${leaky}`)
})
