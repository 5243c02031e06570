import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Rng, seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel, labelDay } from '../market/calendars/zone.ts'
import { type Contract, contractOf, expiryOf, nextContract, rollDateOf } from '../market/contract.ts'
import { asSeenAt, type ContractBars, continuous } from './continuous.ts'
import { rollSchedule } from './roll.ts'

const CME = calendarOf('cme-index')
const U25 = contractOf('ES', 2025, 9)
const Z25 = contractOf('ES', 2025, 12)

/** Trade dates between two labels. */
function datesBetween(from: string, to: string): string[] {
  const dates: string[] = []
  for (let day = labelDay(from); day <= labelDay(to); day++) {
    const label = dayLabel(day)
    if (CME.at(CME.sessionClose(label) - 60_000).tradeDate === label && CME.at(CME.sessionClose(label) - 60_000).open)
      dates.push(label)
  }
  return dates
}

const daily = (date: string, close: number, volume: number): Bar => ({
  time: labelDay(date) * DAY_MS,
  knownAt: CME.sessionClose(date),
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume,
})

/** Contracts of some quarters around one random walk, each with its own spread and a volume that moves over before expiry. */
function market(rng: Rng, quarters: number): ContractBars[] {
  const contracts = [contractOf('ES', 2023, 9)]
  while (contracts.length < quarters) contracts.push(nextContract(contracts.at(-1)!))
  const dates = datesBetween('2023-06-20', expiryOf(contracts.at(-1)!))
  let price = 4000
  const walk = new Map(dates.map(date => [date, (price += Math.round((rng.next() - 0.5) * 160) / 4)]))
  return contracts.map((contract, index) => {
    const spread = 1 + index * 0.01 + rng.next() * 0.01
    const moved = labelDay(expiryOf(contract)) - 3 - rng.int(9)
    const own = dates.filter(date => date <= expiryOf(contract) && labelDay(date) >= labelDay(expiryOf(contract)) - 200)
    const bars = own.map(date => {
      const day = labelDay(date)
      const alive = day < moved && day >= moved - 91
      return daily(date, Math.round(walk.get(date)! * spread * 4) / 4, alive ? 1000 + rng.int(100) : 10 + rng.int(100))
    })
    return { contract, bars }
  })
}

const sessions = (contract: Contract, from: string, to: string, volume: (date: string) => number) => ({
  contract,
  sessions: datesBetween(from, to).map(date => ({ date, volume: volume(date) })),
})

test('without a lead the roll is on the Thursday eight days before expiry', () => {
  const schedule = rollSchedule([
    sessions(U25, '2025-08-01', '2025-09-19', () => 100),
    sessions(Z25, '2025-08-01', '2025-09-30', () => 1),
  ])
  assert.deepEqual(
    schedule.map(({ contract, from, cause }) => [contract.code, from, cause]),
    [
      ['ESU2025', '2025-08-01', 'first'],
      ['ESZ2025', '2025-09-11', 'calendar'],
    ],
  )
})

test('two sessions of lead bring the next contract in on the third, one session does not', () => {
  const lead = new Set(['2025-08-20', '2025-08-27', '2025-08-28', '2025-08-29'])
  const [, second] = rollSchedule([
    sessions(U25, '2025-08-01', '2025-09-19', () => 100),
    sessions(Z25, '2025-08-01', '2025-09-30', date => (lead.has(date) ? 101 : 99)),
  ])
  assert.deepEqual([second!.from, second!.cause], ['2025-08-29', 'volume'])
  const equal = rollSchedule([
    sessions(U25, '2025-08-01', '2025-09-19', () => 100),
    sessions(Z25, '2025-08-01', '2025-09-30', () => 100),
  ])
  assert.equal(equal[1]!.cause, 'calendar', 'as much is no lead')
})

test('the last contract is the front one until its calendar day; one that lacks between two others is a fault', () => {
  const alone = sessions(U25, '2025-08-01', '2025-09-19', () => 1)
  assert.equal(rollSchedule([alone]).length, 1)
  const { bars } = continuous(
    [{ contract: U25, bars: alone.sessions.map(({ date }) => daily(date, 6000, 1)) }],
    DAY_MS,
    CME,
  )
  assert.equal(dayLabel(bars.at(-1)!.real.time / DAY_MS), '2025-09-10')
  const later = sessions(contractOf('ES', 2026, 3), '2025-08-01', '2026-01-19', () => 1)
  assert.throws(() => rollSchedule([alone, later]), { code: 'DATA_CONTRACT_MISSING', place: 'ESZ2025' })
  assert.deepEqual(rollSchedule([]), [])
})

test('a roll by hand: the ratio of the closes before it, and prices on the first scale', () => {
  const day = (date: string, close: number, volume = 1) => daily(date, close, volume)
  const { rolls, bars } = continuous(
    [
      { contract: U25, bars: [day('2025-09-09', 6000, 9), day('2025-09-10', 6060, 9), day('2025-09-11', 6100, 9)] },
      {
        contract: Z25,
        bars: [day('2025-09-09', 6120), day('2025-09-10', 6181.2), day('2025-09-11', 6200), day('2025-09-12', 6262)],
      },
    ],
    DAY_MS,
    CME,
  )
  assert.deepEqual(
    rolls.map(({ contract, from, cause, ratio }) => [contract.code, from, cause, ratio]),
    [
      ['ESU2025', '2025-09-09', 'first', 1],
      ['ESZ2025', '2025-09-11', 'calendar', 6181.2 / 6060],
    ],
  )
  assert.deepEqual(
    bars.map(({ contract, real }) => [contract, real.close]),
    [
      ['ESU2025', 6000],
      ['ESU2025', 6060],
      ['ESZ2025', 6200],
      ['ESZ2025', 6262],
    ],
  )
  // 1.02 is the spread: the move over the roll is that of the new contract, 6181.2 to 6200.
  assert.ok(Math.abs(bars[2]!.adjusted.close - 6200 / 1.02) < 1e-9)
  assert.ok(Math.abs(bars[2]!.adjusted.close / bars[1]!.adjusted.close - 6200 / 6181.2) < 1e-12)
  const before = asSeenAt({ bars }, bars[1]!.real.knownAt)
  assert.deepEqual(
    before.map(({ close }) => close),
    [6000, 6060],
  )
  const after = asSeenAt({ bars }, bars[3]!.real.knownAt)
  assert.ok(Math.abs(after[0]!.close - 6000 * 1.02) < 1e-9)
  assert.ok(Math.abs(after[3]!.close - 6262) < 1e-9, 'the present is on the scale of what is traded')
})

test('law: within a contract adjusted returns are those of the contract, over a roll those of the new one', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, quarters) => {
      const contracts = market(seededRng(`law ${seed}`), quarters)
      const { bars, rolls } = continuous(contracts, DAY_MS, CME)
      assert.equal(rolls.length, quarters)
      const close = new Map(
        contracts.flatMap(one => one.bars.map(bar => [`${one.contract.code} ${bar.time}`, bar.close])),
      )
      for (let i = 1; i < bars.length; i++) {
        const [before, now] = [bars[i - 1]!, bars[i]!]
        const held = close.get(`${now.contract} ${before.real.time}`)!
        assert.ok(Math.abs(now.adjusted.close / before.adjusted.close - now.real.close / held) < 1e-12)
        assert.ok(Math.abs(now.adjusted.close * now.factor - now.real.close) < 1e-9)
      }
    }),
    { numRuns: 40 },
  )
})

test('law: no bar comes twice, none after the last day of its contract, and a roll is never late', () => {
  fc.assert(
    fc.property(fc.integer(), seed => {
      const contracts = market(seededRng(`order ${seed}`), 4)
      const { bars, rolls } = continuous(contracts, DAY_MS, CME)
      for (let i = 1; i < bars.length; i++) assert.ok(bars[i]!.real.time > bars[i - 1]!.real.time)
      for (const [index, { from }] of rolls.entries()) {
        if (index > 0) assert.ok(from <= rollDateOf(rolls[index - 1]!.contract))
      }
    }),
    { numRuns: 40 },
  )
})

test('law: whatever becomes of later contracts, and of all bars after a moment, changes nothing that was known at it', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, pick) => {
      const rng = seededRng(`leak ${seed}`)
      const contracts = market(rng.fork('market'), 4)
      const { bars, rolls } = continuous(contracts, DAY_MS, CME)
      const moment = bars[pick % bars.length]!.real.knownAt
      const noise = rng.fork('noise')
      const edited = contracts.map(({ contract, bars: own }) => ({
        contract,
        bars: own.map(bar => {
          if (bar.knownAt <= moment) return bar
          const by = 0.5 + noise.next()
          return {
            ...bar,
            open: bar.open * by,
            high: bar.high * by * 1.1,
            low: bar.low * by * 0.9,
            close: bar.close * by,
            volume: noise.int(2000),
          }
        }),
      }))
      const other = continuous(edited, DAY_MS, CME)
      const known = <T extends { readonly real: Bar }>(list: readonly T[]) =>
        list.filter(({ real }) => real.knownAt <= moment)
      assert.deepEqual(known(other.bars), known(bars))
      assert.deepEqual(asSeenAt(other, moment), asSeenAt({ bars }, moment))
      const last = known(bars).at(-1)!.contract
      const until = rolls.findIndex(({ contract }) => contract.code === last) + 1
      assert.deepEqual(other.rolls.slice(0, until), rolls.slice(0, until))
    }),
    { numRuns: 60 },
  )
})

test('law: an edit of a later contract leaves every earlier ratio as it was', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, from) => {
      const contracts = market(seededRng(`later ${seed}`), 4)
      const { rolls } = continuous(contracts, DAY_MS, CME)
      // Prices only: volumes decide when it takes over.
      const edited = contracts.map(({ contract, bars }, index) => ({
        contract,
        bars: index < from ? bars : bars.map(bar => ({ ...bar, close: bar.close * 3 })),
      }))
      const ratios = continuous(edited, DAY_MS, CME).rolls.map(({ ratio }) => ratio)
      assert.deepEqual(
        ratios.slice(0, from),
        rolls.slice(0, from).map(({ ratio }) => ratio),
      )
    }),
    { numRuns: 40 },
  )
})

test('bars after the end of a contract, and contracts without a common bar, are faults', () => {
  assert.throws(() => continuous([{ contract: U25, bars: [daily('2025-09-22', 6000, 1)] }], DAY_MS, CME), {
    code: 'INSTRUMENT_EXPIRED',
  })
  const apart = [
    { contract: U25, bars: [daily('2025-09-09', 6000, 1), daily('2025-09-10', 6000, 1)] },
    { contract: Z25, bars: [daily('2025-09-11', 6100, 1), daily('2025-09-12', 6100, 1)] },
  ]
  assert.throws(() => continuous(apart, DAY_MS, CME), { code: 'DATA_ROLL_RATIO', place: 'ESU2025 and ESZ2025' })
})

test('minute bars roll at the start of the session, in the evening before its date', () => {
  const minute = (time: string, close: number, volume: number): Bar => {
    const at = Date.parse(time)
    return { time: at, knownAt: at + 60_000, open: close, high: close, low: close, close, volume }
  }
  const times = ['2025-09-10T20:00:00Z', '2025-09-10T20:59:00Z', '2025-09-10T22:00:00Z', '2025-09-11T14:00:00Z']
  const { bars } = continuous(
    [
      { contract: U25, bars: times.map(time => minute(time, 6000, 9)) },
      { contract: Z25, bars: times.map(time => minute(time, 6060, 1)) },
    ],
    60_000,
    CME,
  )
  assert.deepEqual(
    bars.map(({ contract }) => contract),
    ['ESU2025', 'ESU2025', 'ESZ2025', 'ESZ2025'],
  )
})
