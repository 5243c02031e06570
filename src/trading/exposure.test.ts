import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRng } from '../base/rng.ts'
import { correlatedWith, correlationOf, type Exposure } from './exposure.ts'

const dateOf = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
const returnsOf = (values: readonly number[]) => new Map(values.map((value, day) => [dateOf(day), value]))

const rng = seededRng('exposure')
const noise = (n: number): number[] => Array.from({ length: n }, () => rng.next() - 0.5)
const market = noise(40)

const exposure = (symbol: string, family: string, values: readonly number[]): Exposure => ({
  symbol,
  family,
  plannedLossMicros: 400e6,
  sessionReturns: returnsOf(values),
})
const es = exposure('ES', 'ES', market)
const near = exposure(
  'YM',
  'YM',
  market.map((value, day) => 0.8 * value + 0.05 * noise(40)[day]!),
)
const apart = exposure('GC', 'GC', noise(40))
const names = (found: readonly Exposure[]) => found.map(({ symbol }) => symbol)

test('the correlation is that of the last twenty common sessions, worked by hand', () => {
  // Deviations of 1..20 and of 1..19, 40 around their means: 855 of products, 665 and 1425 of squares.
  const rising = Array.from({ length: 20 }, (_, day) => day + 1)
  const bent = [...rising.slice(0, 19), 40]
  const [a, b] = [exposure('A', 'A', [9, -3, ...rising]), exposure('B', 'B', [-7, 5, ...bent])]
  assert.ok(Math.abs(correlationOf(a, b)! - 855 / Math.sqrt(665 * 1425)) < 1e-12)
})

test('one family always counts as one, whatever its returns say', () => {
  const mes = exposure(
    'MES',
    'ES',
    market.map(value => -value),
  )
  assert.deepEqual(names(correlatedWith(es, [mes, apart])), ['MES'])
})

test('what moves together counts as one, also against each other, and also by a third', () => {
  const against = exposure(
    'SH',
    'SH',
    market.map(value => -value),
  )
  assert.deepEqual(names(correlatedWith(es, [near, apart, against])), ['YM', 'SH'])
  const middle = exposure(
    'M',
    'M',
    market.map((value, day) => value + apart.sessionReturns.get(dateOf(day))!),
  )
  assert.ok(Math.abs(correlationOf(es, apart)!) < 0.7)
  assert.deepEqual(names(correlatedWith(es, [middle, apart])), ['M', 'GC'])
})

test('too few sessions, or one that never moved, is not known to be apart', () => {
  const young = exposure('NEW', 'NEW', noise(19))
  const still = exposure('FLAT', 'FLAT', Array<number>(40).fill(0))
  assert.deepEqual(names(correlatedWith(es, [young])), ['NEW'])
  assert.deepEqual(names(correlatedWith(es, [still])), ['FLAT'])
})

test('whatever was admitted, in any order, a group never plans to lose more than its limit', () => {
  const families = ['ES', 'NQ', 'GC'] as const
  const returns = Object.fromEntries(families.map(family => [family, returnsOf(noise(25))]))
  const exposed = (symbol: string, family: string, plannedLossMicros: number): Exposure => ({
    symbol,
    family,
    plannedLossMicros,
    sessionReturns: returns[family]!,
  })
  const order = fc.record({
    family: fc.constantFrom(...families),
    symbol: fc.integer({ min: 0, max: 3 }),
    loss: fc.integer({ min: 1, max: 700 }),
    closes: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(order, { maxLength: 40 }), orders => {
      const held = new Map<string, Exposure>()
      for (const { family, symbol, loss, closes } of orders) {
        const name = `${family}${symbol}`
        if (closes) {
          held.delete(name)
          continue
        }
        const own = exposed(name, family, held.get(name)?.plannedLossMicros ?? 0)
        const others = [...held.values()].filter(each => each.symbol !== name)
        const group = correlatedWith(own, others)
        const planned = group.reduce((sum, each) => sum + each.plannedLossMicros, own.plannedLossMicros + loss * 1e6)
        if (planned <= 1000e6) held.set(name, { ...own, plannedLossMicros: own.plannedLossMicros + loss * 1e6 })
        for (const each of held.values()) {
          const together = [...held.values()].filter(other => other.family === each.family)
          assert.ok(together.reduce((sum, other) => sum + other.plannedLossMicros, 0) <= 1000e6)
        }
      }
    }),
    { numRuns: 500, seed: 8 },
  )
})
