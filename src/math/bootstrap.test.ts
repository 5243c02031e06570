import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Rng, seededRng } from '../base/rng.ts'
import { meanBlockLength } from './block-length.ts'
import { bootstrapInterval, bootstrapMeanInterval, percentileInterval, resampledMeans } from './bootstrap.ts'
import { pairedPValue, pairedSharpePValue } from './paired-test.ts'
import { mean, standardDeviation, variance } from './statistics.ts'

function autoregressive(n: number, rho: number, rng: Rng): Float64Array {
  const values = new Float64Array(n)
  let last = rng.normal() / Math.sqrt(1 - rho * rho)
  for (let i = 0; i < n; i++) values[i] = last = rho * last + rng.normal()
  return values
}

test('the mean block length of AR(1) series is that of the closed form', () => {
  // G = 2 rho/(1-rho)^2 and g(0) = (1+rho)/(1-rho) in units of the variance, so b = (2 rho/(1-rho^2))^(2/3) n^(1/3).
  for (const rho of [0.3, 0.6]) {
    const n = 20_000
    const closed = ((2 * rho) / (1 - rho * rho)) ** (2 / 3) * n ** (1 / 3)
    const lengths = Array.from({ length: 5 }, (_, run) => meanBlockLength(autoregressive(n, rho, seededRng(run))))
    assert.ok(Math.abs(mean(lengths) / closed - 1) < 0.15, `${mean(lengths)} against ${closed}`)
  }
})

test('independent data get short blocks, thin or constant data blocks of one', () => {
  const lengths = Array.from({ length: 20 }, (_, run) => meanBlockLength(autoregressive(500, 0, seededRng(run))))
  assert.ok(mean(lengths) < 5)
  assert.equal(meanBlockLength([1, 2]), 1)
  assert.equal(meanBlockLength([7, 7, 7, 7, 7]), 1)
})

test('resampled means scatter as the theory of the stationary bootstrap says', () => {
  const values = autoregressive(400, 0.5, seededRng(8))
  const [means] = resampledMeans([values], { rng: seededRng(1), resamples: 20_000, meanBlock: 6 })
  // Politis and Romano 1994, lemma 1: n Var = R(0) + 2 sum b(k) R(k) with circular R, b(k) = (1-k/n) q^k + (k/n) q^(n-k).
  const n = values.length
  const center = mean(values)
  const q = 1 - 1 / 6
  let expected = 0
  for (let k = 0; k < n; k++) {
    let covariance = 0
    for (let i = 0; i < n; i++) covariance += (values[i]! - center) * (values[(i + k) % n]! - center)
    covariance /= n
    // One direction round the ring: (1 - k/n) q^k for lag k, counted twice by symmetry.
    expected += (k === 0 ? 1 : 2) * (1 - k / n) * q ** k * covariance
  }
  assert.ok(Math.abs((variance(means!) * n) / expected - 1) < 0.05, `${variance(means!) * n} against ${expected}`)
  assert.ok(Math.abs(mean(means!) - center) < 0.01)
})

test('columns of a row stay together', () => {
  const values = autoregressive(50, 0.2, seededRng(2))
  const [plain, doubled] = resampledMeans([values, values.map(value => 2 * value + 1)], {
    rng: seededRng(1),
    resamples: 50,
  })
  for (let i = 0; i < 50; i++) assert.ok(Math.abs(doubled![i]! - 2 * plain![i]! - 1) < 1e-12)
})

test('the fast mean takes the same draws as the general statistic', () => {
  const values = autoregressive(200, 0.4, seededRng(4))
  const fast = bootstrapMeanInterval(values, { rng: seededRng(9), resamples: 500 })
  const general = bootstrapInterval(values, mean, { rng: seededRng(9), resamples: 500 })
  assert.ok(Math.abs(fast.low - general.low) < 1e-12 && Math.abs(fast.high - general.high) < 1e-12)
})

test('intervals cover the true mean of dependent series about as often as they say, blocks of one do not', () => {
  const covered = (meanBlock?: number): number => {
    let hits = 0
    for (let run = 0; run < 120; run++) {
      const rng = seededRng(`cover ${run}`)
      const values = autoregressive(300, 0.6, rng)
      const options = { rng, resamples: 200, ...(meanBlock === undefined ? {} : { meanBlock }) }
      const { low, high } = bootstrapMeanInterval(values, options)
      if (low <= 0 && high >= 0) hits++
    }
    return hits / 120
  }
  assert.ok(covered() >= 0.85, `${covered()}`)
  assert.ok(covered(1) < 0.75, `${covered(1)}`)
})

test('resamples without a finite value are left out of the interval', () => {
  assert.deepEqual(percentileInterval(Float64Array.of(1, Number.NaN, 3), 1), { low: 1, high: 3 })
})

test('the same seed gives the same interval', () => {
  const values = autoregressive(100, 0.4, seededRng(4))
  const run = () => bootstrapInterval(values, standardDeviation, { rng: seededRng(5), resamples: 100 })
  assert.deepEqual(run(), run())
})

test('nothing to resample is an error', () => {
  assert.throws(() => bootstrapInterval([], mean, { rng: seededRng(1) }), RangeError)
  assert.throws(() => resampledMeans([[1], [1, 2]], { rng: seededRng(1) }), RangeError)
})

test('the paired p-value of independent normal differences is near the t-test', () => {
  const rng = seededRng(12)
  const values = Float64Array.from({ length: 300 }, () => rng.normal() + 0.1)
  const t = (mean(values) / standardDeviation(values)) * Math.sqrt(values.length)
  const p = pairedPValue(values, { rng: seededRng(1), meanBlock: 1 })
  // One-sided tail of the normal by its logistic approximation, good to 0.01.
  assert.ok(Math.abs(p - 1 / (1 + Math.exp(1.702 * t))) < 0.02, `${p} at t ${t}`)
})

test('under no difference p is below 0.05 about one time in twenty, also for dependent pairs', () => {
  let low = 0
  for (let run = 0; run < 400; run++) {
    const rng = seededRng(`null ${run}`)
    if (pairedPValue(autoregressive(300, 0.3, rng), { rng, resamples: 300 }) < 0.05) low++
  }
  assert.ok(low >= 8 && low <= 36, `${low} of 400`)
})

test('no difference at all has the p-value 1', () => {
  assert.equal(pairedPValue(new Float64Array(50), { rng: seededRng(1), resamples: 100 }), 1)
})

test('a better Sharpe has a small p-value, the same series one of 1, a constant one none', () => {
  const rng = seededRng(6)
  const noise = Float64Array.from({ length: 600 }, () => rng.normal())
  const better = noise.map(value => 0.7 * value + 0.15 + 0.1 * rng.normal())
  assert.ok(pairedSharpePValue(better, noise, { rng: seededRng(1), resamples: 2_000 }) < 0.01)
  assert.ok(pairedSharpePValue(noise, better, { rng: seededRng(1), resamples: 2_000 }) > 0.99)
  assert.equal(pairedSharpePValue(noise, noise, { rng: seededRng(1), resamples: 100 }), 1)
  assert.ok(Number.isNaN(pairedSharpePValue(new Float64Array(5).fill(2), noise.subarray(0, 5), { rng: seededRng(1) })))
})
