import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { nextLevel, spendingShare } from './online-fdr.ts'
import { mean } from './statistics.ts'

const RATE = 0.1
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, ${expected}`)

/** Runs p-values through the procedure. */
function discoveriesOf(pValues: readonly number[]): number[] {
  const discoveries: number[] = []
  for (const [tests, p] of pValues.entries()) {
    if (p <= nextLevel({ tests, discoveries }, { rate: RATE })) discoveries.push(tests + 1)
  }
  return discoveries
}

test('the shares of an endless sequence sum to 1 at most, and to little less', () => {
  let sum = 0
  const last = 2_000_000
  for (let j = 1; j <= last; j++) sum += spendingShare(j)
  // The rest by its integral: with s = sqrt(log j) the terms are 2 C s^3 exp(-s) ds.
  const s = Math.sqrt(Math.log(last))
  const rest = 2 * 0.07720838 * Math.exp(-s) * (s ** 3 + 3 * s ** 2 + 6 * s + 6)
  assert.ok(sum + rest <= 1 && sum + rest > 0.97, `${sum + rest}`)
})

test('levels of a sequence with discoveries at tests 2 and 3, worked by hand', () => {
  // gamma(1) = 0.0772 ln2 = 0.053516763, gamma(2) = 0.0772 ln2/2 e^-0.832554611, gamma(3) = 0.0772 ln3/3 e^-1.048147074, ...
  const gamma = [0.053516763, 0.011638497, 0.009912651, 0.008242797]
  for (const [at, share] of gamma.entries()) assert.ok(Math.abs(spendingShare(at + 1) - share) < 2e-6, `${at}`)
  const g = (j: number) => spendingShare(j)
  near(nextLevel({ tests: 0, discoveries: [] }, { rate: RATE }), g(1) * 0.05)
  near(nextLevel({ tests: 1, discoveries: [] }, { rate: RATE }), g(2) * 0.05)
  near(nextLevel({ tests: 2, discoveries: [2] }, { rate: RATE }), g(3) * 0.05 + g(1) * 0.05)
  near(nextLevel({ tests: 3, discoveries: [2, 3] }, { rate: RATE }), g(4) * 0.05 + g(2) * 0.05 + g(1) * 0.1)
})

test('1,000 retrains without any gain: in at most 10 % of the histories a single one is promoted', () => {
  const histories = 300
  const rng = seededRng(11)
  const promoted = Array.from(
    { length: histories },
    () => discoveriesOf(Array.from({ length: 1_000 }, () => rng.next())).length,
  )
  // Without a true gain every discovery is false: the rate is the share of histories with any.
  assert.ok(promoted.filter(count => count > 0).length / histories <= RATE)
  assert.ok(promoted.reduce((sum, count) => sum + count, 0) / (histories * 1_000) < 0.001)
})

test('with true gains among them the false share of what is promoted stays below 10 %, and the gains are found', () => {
  const rng = seededRng(12)
  const shares: number[] = []
  let found = 0
  for (let history = 0; history < 100; history++) {
    const real = Array.from({ length: 300 }, () => rng.next() < 0.3)
    const discoveries = discoveriesOf(real.map(gain => (gain ? rng.next() * 1e-5 : rng.next())))
    const wrong = discoveries.filter(test => !real[test - 1]).length
    shares.push(wrong / Math.max(1, discoveries.length))
    found += (discoveries.length - wrong) / real.filter(Boolean).length / 100
  }
  assert.ok(mean(shares) <= RATE, `${mean(shares)}`)
  assert.ok(found > 0.9, `${found}`)
})
