// Figures as people read them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bytes,
  decimalsOf,
  figure,
  fixed,
  money,
  percent,
  short,
  signedFixed,
  signedMoney,
  signedPercent,
  signedPoints,
} from './format.ts'

test('money has cents below a thousand dollars and groups above', () => {
  assert.equal(money(97235.4), '$97,235')
  assert.equal(money(3.5), '$3.50')
})

test('negative figures carry a real minus and positive ones a plus where the sign matters', () => {
  assert.equal(signedMoney(-12.5), '\u2212$12.50')
  assert.equal(signedMoney(12.5), '+$12.50')
  assert.equal(signedMoney(0), '$0.00')
  assert.equal(signedPercent(-0.0126), '\u22121.26\u00a0%')
  assert.equal(signedFixed(0.5, 2), '+0.50')
  assert.equal(signedPoints(-0.9879), '\u221298.79\u00a0pp')
})

test('what is missing or not a number is N/A, never a zero', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(money(value), 'N/A')
    assert.equal(percent(value), 'N/A')
    assert.equal(figure(value), 'N/A')
    assert.equal(fixed(value, 2), 'N/A')
  }
})

test('the decimals of a price come from its step', () => {
  assert.deepEqual([0.01, 0.25, 1, 1e-7].map(decimalsOf), [2, 2, 0, 7])
})

test('sizes and hashes are short', () => {
  assert.deepEqual([812, 2610, 3_042_174].map(bytes), ['812 B', '2.6 kB', '3.0 MB'])
  assert.equal(short('485fc97dd8de4b76be77'), '485fc97dd8\u2026')
  assert.equal(short('baseline'), 'baseline')
})
