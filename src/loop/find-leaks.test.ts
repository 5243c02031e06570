import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import { loadConfig } from '../base/config.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { SPX } from '../market/instrument.ts'
import { candidateBook } from '../trading/candidates.ts'
import type { Observe } from '../trading/leak-lint.ts'
import { observeCandidates } from '../trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { findLeaks, type LeakRequest } from './find-leaks.ts'
import type { Ports } from './ports.ts'
import { settingsSchema } from './settings.ts'

const BARS = 600
const rows = sp500Bars(BARS).map(({ time, open, high, low, close, volume }) => [
  new Date(time).toISOString().slice(0, 10),
  ...[open, high, low, close, volume].map(String),
])

async function* lines() {
  for (const [index, cells] of rows.entries()) yield { line: index + 2, cells }
}

const ports = {
  settings: loadConfig(settingsSchema, { env: {}, sets: [] }),
  clock: { now: () => Date.UTC(2026, 0, 1) },
  openTable: async () => ({
    rows: { name: 'memory', columns: ['date', 'open', 'high', 'low', 'close', 'volume'], rows: lines },
    sha256: '0'.repeat(64),
  }),
} as Pick<Ports, 'settings' | 'clock' | 'openTable'> as Ports

const request = (over: Partial<LeakRequest> = {}): LeakRequest => ({
  series: { file: 'memory', symbol: 'SPX' },
  seed: 1,
  samples: 25,
  signal: new AbortController().signal,
  ...over,
})

const market = { instrument: SPX, calendar: calendarOf('nyse'), barMs: 86_400_000, hasVolume: true }
const honest = observeCandidates(() => candidateBook({ ...market, strategies: GENERAL_STRATEGIES }))

/** The ema20 of the first stance is replaced by the close of the bar after it. */
const peeking: Observe = bars =>
  honest(bars).map((known, index) => {
    const leaky = [...known]
    if (leaky.length >= 24) leaky[7 + 3] = bars[index + 1]?.close ?? 0
    return leaky
  })

test('what the product computes knows nothing of the future', async () => {
  const found = await findLeaks(request(), ports)
  assert.deepEqual([found.bars, found.samples, found.leaks], [BARS, 25, []])
})

test('where there is too little to train on, that is said in the place of a proof', async () => {
  const { training } = await findLeaks(request({ samples: 1 }), ports)
  assert.ok('reason' in training)
  assert.match(training.reason, /too little data to train/)
})

test('a feature that peeks one bar ahead is found, and named with the bar', async () => {
  const { leaks } = await findLeaks(request({ observe: peeking }), ports)
  assert.ok(leaks.length > 5, `${leaks.length} of 25 cuts; those before warm-up cannot show it`)
  for (const { column, bar, cut } of leaks) {
    assert.equal(column, 'feature ema20 of stance 1')
    assert.equal(bar, cut, 'the last bar that was known is the one that changed')
  }
})

test('the same seed tries the same cuts', async () => {
  const once = await findLeaks(request({ observe: peeking }), ports)
  assert.deepEqual(await findLeaks(request({ observe: peeking }), ports), once)
})

test('progress counts the cuts, and an abort ends the work between two batches', async () => {
  const done: number[] = []
  const stop = new AbortController()
  const onProgress = (count: number) => {
    done.push(count)
    if (count >= 20) stop.abort(new Error('enough'))
  }
  await assert.rejects(findLeaks(request({ samples: 1000, signal: stop.signal, onProgress }), ports), /enough/)
  assert.deepEqual(done, [10, 20])
})
