import assert from 'node:assert/strict'
import { test } from 'node:test'
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
