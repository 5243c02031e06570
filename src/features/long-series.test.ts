// A million bars (FEAT-01): what the fold of a whole file gives is what a stream gives that is stopped, saved and taken up again all the time.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import { type FeatureRowState, featureRow } from './row.ts'

const MINUTE_MS = 60_000
const LONG = process.env['RATCHET_LONG'] === '1'

function* wandering(count: number): Generator<Bar> {
  const rng = seededRng('a million bars')
  const cents = (price: number) => Math.max(1, Math.round(price * 100)) / 100
  let close = 4000
  for (let i = 0; i < count; i++) {
    const open = close
    close = cents(open * Math.exp(0.0004 * rng.normal()))
    const high = cents(Math.max(open, close) + rng.next())
    const low = cents(Math.min(open, close) - rng.next())
    yield { time: i * MINUTE_MS, knownAt: (i + 1) * MINUTE_MS, open, high, low, close, volume: rng.int(5_000) }
  }
}

/** Digest of every row's bits; `saved` says after which bars the row is written to JSON and read into a new one. */
function digest(count: number, saved: (bar: number) => boolean): string {
  const context = { instrument: SPX, calendar: openCalendar, barMs: MINUTE_MS }
  let row = featureRow(context, { hasVolume: true })
  const hash = createHash('sha256')
  let index = 0
  for (const bar of wandering(count)) {
    row.update(bar)
    hash.update(new Uint8Array(row.values.buffer, row.values.byteOffset, row.values.byteLength))
    if (saved(index++)) {
      const text = JSON.stringify(row.save())
      row = featureRow(context, { hasVolume: true })
      row.load(JSON.parse(text) as FeatureRowState)
    }
  }
  return hash.digest('hex')
}

function same(count: number): void {
  const rng = seededRng('restarts')
  assert.equal(
    digest(count, () => rng.int(1000) === 0),
    digest(count, () => false),
  )
}

test('twenty thousand bars: batch is stream, bit for bit, across restarts', () => same(20_000))

test(
  'a million bars: batch is stream, bit for bit, across restarts',
  {
    skip: LONG ? false : 'ten seconds; RATCHET_LONG=1 runs it',
  },
  () => same(1_000_000),
)
