import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cashInstrument } from '../market/instrument.ts'
import { ES, MES } from './fixtures/market.ts'
import { account } from './limits.ts'
import { NO_CUTS } from './size-cuts.ts'
import { lotsFor, type SizingInput } from './sizing.ts'

const input: SizingInput = {
  instrument: MES,
  limits: account({ maxPositionSize: 100 }),
  equityMicros: 100_000_000_000,
  multiplier: 1,
  cuts: NO_CUTS,
  ladder: 1,
  ladderLots: undefined,
  stop: 40,
  price: 20_000,
}
const roomy = { ...MES, maxPosition: 100, miniEquivalent: 0.01 }

test('MES, 40 ticks: $1,000 over 40 x $1.25 + $1.50 = $51.50 is 19 lots', () => {
  const chain = lotsFor({ ...input, instrument: roomy })
  assert.equal(chain.lossPerLotMicros, 51_500_000)
  assert.equal(chain.uncapped, 19)
  assert.equal(chain.lots, 19)
})

test('ES, 40 ticks: $1,000 over 40 x $12.50 + $5 = $505 is 1 lot', () => {
  assert.equal(lotsFor({ ...input, instrument: ES }).lots, 1)
})

test('ES, 80 ticks costs $1,005 a lot: nothing fits, and nothing is rounded up', () => {
  assert.equal(lotsFor({ ...input, instrument: ES, stop: 80 }).lots, 0)
})

test('the default account allows five lots', () => {
  const chain = lotsFor({ ...input, limits: account() })
  assert.deepEqual([chain.uncapped, chain.lots, chain.boundBy], [19, 5, 'maxPosition'])
})

test('five mini equivalents are five ES or fifty MES', () => {
  const wide = { limits: account({ maxPositionSize: 100 }), equityMicros: 100_000_000_000_000 }
  assert.equal(lotsFor({ ...input, ...wide, instrument: { ...MES, maxPosition: 100 } }).lots, 50)
  assert.equal(lotsFor({ ...input, ...wide, instrument: { ...ES, maxPosition: 100 } }).lots, 5)
})

test('the ladder scales once and may allow one lot only', () => {
  const chain = lotsFor({ ...input, instrument: roomy, ladder: 0.25, ladderLots: 1 })
  assert.deepEqual([chain.uncapped, chain.lots, chain.boundBy], [4, 1, 'ladder'])
})

test('a multiplier of 2 cannot spend more than the risk of a trade; 0.5 spends half', () => {
  const twice = lotsFor({ ...input, instrument: roomy, multiplier: 2 })
  assert.deepEqual([twice.uncapped, twice.lots, twice.boundBy], [38, 19, 'risk'])
  assert.equal(lotsFor({ ...input, instrument: roomy, multiplier: 0.5 }).lots, 9)
  assert.equal(lotsFor({ ...input, instrument: roomy, multiplier: 9 }).multiplier, 2)
})

test('cash without a lot cap is bounded by its notional', () => {
  // $100 a share: 1,000 shares are all the equity, although a stop of $0.10 would allow 10,000.
  const chain = lotsFor({ ...input, instrument: cashInstrument('XYZ', 'nyse'), stop: 100_000, price: 100_000_000 })
  assert.deepEqual([chain.uncapped, chain.lots, chain.boundBy], [10_000, 1_000, 'notional'])
})

test('a tail worse than planned and a wild market cut the multiplier, which stays 0 or within 0.1 and 2', () => {
  const cuts = { ...NO_CUTS, tail: 0.5, volatility: 0.6 }
  const chain = lotsFor({ ...input, instrument: roomy, cuts })
  assert.deepEqual([chain.sizer, chain.multiplier, chain.uncapped], [1, 0.3, 5])
  assert.equal(lotsFor({ ...input, multiplier: 0.1, cuts }).multiplier, 0.1)
  assert.equal(lotsFor({ ...input, multiplier: 2, cuts: { ...NO_CUTS, volatility: 1.2 } }).multiplier, 2)
})

test('a sizer that says 0 skips the trade: 0 is not lifted to a tenth', () => {
  const chain = lotsFor({ ...input, instrument: roomy, multiplier: 0 })
  assert.deepEqual([chain.multiplier, chain.riskMicros, chain.lots], [0, 0, 0])
})
