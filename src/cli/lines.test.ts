import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barName, count, short, table, utcDay, utcMoment } from './lines.ts'

test('columns are as wide as their longest cell, and no line ends in blanks', () => {
  assert.deepEqual(table([['a', 'bb', ''], ['ccc', 'd'], []]), ['a    bb', 'ccc  d', ''])
})

test('a bar is named by the largest unit that divides it', () => {
  const names = [60_000, 900_000, 3_600_000, 86_400_000, 30_000, 250].map(barName)
  assert.deepEqual(names, ['1m', '15m', '1h', '1d', '30s', '250ms'])
})

test('times are in UTC and say so', () => {
  assert.equal(utcDay(0), '1970-01-01')
  assert.equal(utcMoment(1_700_000_000_123), '2023-11-14 22:13:20Z')
})

test('one is no plural', () => {
  assert.deepEqual([count(0, 'bar'), count(1, 'bar'), count(2, 'bar')], ['0 bars', '1 bar', '2 bars'])
  assert.equal(short('a'.repeat(64)).length, 12)
})
