import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { FUTURES } from '../market/instrument.ts'
import { LABEL_STATES } from './candidate-table.ts'
import { candidateBook, type HeldBar } from './candidates.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const DAY_MS = 86_400_000
const BARS = 520
const ROLL = 400
const ES = FUTURES[0]!
const FINAL = LABEL_STATES.indexOf('final')
const VOID = LABEL_STATES.indexOf('void')

const rng = seededRng('held')
const snap = (price: number): number => Math.round(price * 4) / 4

/** One market, traded in a first contract and from a day on in a second one, which stands higher by a factor. */
const real: readonly Bar[] = (() => {
  let close = 4000
  return Array.from({ length: BARS }, (_, index) => {
    const scale = index < ROLL ? 1 : 1.05
    const open = snap(close * scale)
    close *= 1 + (rng.next() - 0.5) * 0.02
    const end = snap(close * scale)
    const time = Date.UTC(2020, 0, 1) + index * DAY_MS
    const [low, high] = [snap(Math.min(open, end) * 0.995), snap(Math.max(open, end) * 1.005)]
    return { time, knownAt: time + DAY_MS, open, high, low, close: end, volume: 1000 + index }
  })
})()

const heldOf = (factor: number): readonly HeldBar[] =>
  real.map((bar, index) =>
    index < ROLL ? { real: bar, contract: 'ESH2021', factor: 1 } : { real: bar, contract: 'ESM2021', factor },
  )

function bookOf(held: readonly HeldBar[], withContracts = true) {
  const book = candidateBook({
    instrument: ES,
    calendar: calendarOf('24x7'),
    barMs: DAY_MS,
    hasVolume: true,
    strategies: GENERAL_STRATEGIES,
  })
  for (const one of held) {
    const by = (price: number) => price / one.factor
    const { open, high, low, close } = one.real
    const series = { ...one.real, open: by(open), high: by(high), low: by(low), close: by(close) }
    book.update(withContracts ? series : one.real, withContracts ? one : undefined)
  }
  return book.table
}

test('no label spans two contracts: what was open at the roll is void, and nothing before is stepped with later prices', () => {
  const table = bookOf(heldOf(1.05))
  let open = 0
  for (let row = 0; row < table.length; row++) {
    const [from, until] = [table.bar[row]!, (table.labelEnd[row]! - real[0]!.knownAt) / DAY_MS]
    if (from >= ROLL || table.state[row] !== FINAL) {
      if (from < ROLL && table.state[row] === VOID) {
        assert.equal(until, ROLL)
        open++
      }
      continue
    }
    assert.ok(until < ROLL, `a row of bar ${from} ends at ${until}`)
  }
  assert.ok(open > 4, 'there were some to make void')
})

test('labels before the roll are those of the first contract alone', () => {
  const both = bookOf(heldOf(1.05))
  const alone = bookOf(heldOf(1).slice(0, ROLL), false)
  for (let row = 0; row < alone.length; row++) {
    if (alone.state[row] !== FINAL) continue
    assert.deepEqual(
      [both.r[row], both.entry[row], both.labelEnd[row]],
      [alone.r[row], alone.entry[row], alone.labelEnd[row]],
    )
  }
})

test('features see no jump at the roll, entries and stops are prices of the contract that is traded', () => {
  const table = bookOf(heldOf(1.05))
  const atr = (row: number) => table.atr[row]!
  const near = Array.from({ length: table.length }, (_, row) => row).filter(row => Math.abs(table.bar[row]! - ROLL) < 3)
  // The jump of 5 % would be several ATR of a market that moves 1 % a day.
  const ratio = Math.max(...near.map(atr)) / Math.min(...near.map(atr))
  assert.ok(ratio < 1.2, `atr changes by ${ratio}`)
  const after = Array.from({ length: table.length }, (_, row) => row).filter(
    row => table.bar[row]! >= ROLL && table.state[row] === FINAL,
  )
  assert.ok(after.length > 10)
  for (const row of after) {
    const next = real[table.bar[row]! + 1]!
    assert.ok(Math.abs(table.entry[row]! / next.open - 1) < 0.01, 'the open of the real contract, and slippage')
    const distance = Math.abs(table.entry[row]! - table.stop[row]!)
    assert.ok(Math.abs(distance - 2 * atr(row) * 1.05) <= 0.25, 'two ATR in points of the real contract')
  }
})
