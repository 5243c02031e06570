import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interval, moment, number, sample } from './format.ts'

test('numbers carry sign, thousands and unit', () => {
  assert.equal(number(-8902.1, { unit: '$', digits: 0 }), '−$8,902')
  assert.equal(number(1234567.891, {}), '1,234,567.89')
  assert.equal(number(5.94, { unit: '%', digits: 1, signed: true }), '+5.9\u00a0%')
  assert.equal(number(999.999, { digits: 0 }), '1,000')
})

test('what rounds to nothing has no sign', () => {
  assert.equal(number(-0.001, { signed: true }), '0.00')
  assert.equal(number(-0, { signed: true, digits: 0 }), '0')
})

test('numbers too large for digits are still read', () => {
  assert.equal(number(1.5e20, {}), '1.50e+20')
})

test('an interval names its unit once, money on both sides', () => {
  assert.equal(interval({ value: 1, low: -0.5, high: 1.5, unit: 'R', signed: true }), '−0.50 to +1.50\u00a0R')
  assert.equal(interval({ value: 1, low: 1, high: 2, unit: '$', digits: 0 }), '$1 to $2')
  assert.equal(interval({ value: 1, low: null, high: 2 }), undefined)
})

test('samples and times', () => {
  assert.equal(sample({ n: 5103, of: 'sessions' }), '5,103\u00a0sessions')
  assert.equal(sample({ n: 3 }), 'n\u00a03')
  assert.equal(moment({ time: Date.UTC(2020, 0, 2, 14, 30), shows: 'minute' }), '2020-01-02 14:30 UTC')
  assert.equal(moment({ time: 0, shows: 'day' }), '1970-01-01')
})
