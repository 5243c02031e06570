import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cvarMultiplier } from './cvar-multiplier.ts'

const fed = (losses: readonly number[], options: Parameters<typeof cvarMultiplier>[0]) => {
  const tail = cvarMultiplier(options)
  for (const loss of losses) tail.remember(loss)
  tail.update()
  return tail
}

const HUNDRED = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1)

test('z is the quantile of the losses, the CVaR their mean beyond it', () => {
  const tail = fed(HUNDRED, { alpha: 0.05, limit: 90 })
  assert.equal(tail.z, 95)
  assert.ok(Math.abs(tail.cvar - 98) < 1e-12, 'the mean of 96 to 100')
  assert.ok(Math.abs(tail.lambda - 0.05 * 8) < 1e-12)
})

test('an episode is charged lambda / alpha for what its loss exceeds z by, and nothing below z', () => {
  const tail = fed(HUNDRED, { alpha: 0.05, limit: 90 })
  assert.ok(Math.abs(tail.penalty(97) - (0.4 / 0.05) * 2) < 1e-9)
  assert.equal(tail.penalty(95), 0)
  assert.equal(tail.penalty(-3), 0)
})

test('the multiplier falls while the tail is within the limit, to 0 and no lower, and rises to its cap and no higher', () => {
  const tail = fed(HUNDRED, { alpha: 0.05, limit: 90 })
  for (const loss of HUNDRED) tail.remember(loss / 1.1)
  for (let i = 0; i < 100; i++) tail.remember(0)
  const loose = fed(HUNDRED, { alpha: 0.05, limit: 1000 })
  assert.equal(loose.lambda, 0)
  for (let i = 0; i < 1000; i++) loose.update()
  assert.equal(loose.lambda, 0)
  for (let i = 0; i < 1000; i++) tail.update()
  assert.ok(tail.lambda === 0 || tail.lambda === 100)
  const strict = fed(HUNDRED, { alpha: 0.05, limit: -1000 })
  for (let i = 0; i < 10; i++) strict.update()
  assert.equal(strict.lambda, 100)
})

test('only the newest episodes count', () => {
  const tail = cvarMultiplier({ alpha: 0.1, limit: 0, memory: 10 })
  for (let i = 0; i < 50; i++) tail.remember(1000)
  for (let i = 1; i <= 10; i++) tail.remember(i)
  tail.update()
  assert.deepEqual([tail.z, tail.cvar], [9, 10])
})

test('before there is a tail, nothing moves', () => {
  const tail = fed([100, 100, 100], { alpha: 0.05, limit: 0 })
  assert.deepEqual([tail.lambda, tail.z, tail.cvar], [0, 0, Number.NaN])
})

test('an infinite limit never charges anything', () => {
  const tail = fed(HUNDRED, { limit: Number.POSITIVE_INFINITY })
  assert.equal(tail.lambda, 0)
  assert.equal(1.25 - tail.penalty(1000), 1.25)
})

test('it goes on from what was saved', () => {
  const tail = fed(HUNDRED, { alpha: 0.05, limit: 90 })
  const again = cvarMultiplier({ alpha: 0.05, limit: 90 })
  again.load(JSON.parse(JSON.stringify(tail.save())))
  for (const each of [tail, again]) {
    each.remember(500)
    each.update()
  }
  assert.deepEqual([again.lambda, again.z, again.cvar], [tail.lambda, tail.z, tail.cvar])
})

test('a tail that cannot be is refused', () => {
  for (const options of [{ alpha: 0 }, { alpha: 1 }, { limit: Number.NaN }, { alpha: 0.05, memory: 10 }]) {
    assert.throws(() => cvarMultiplier(options), { code: 'RL_OPTIONS' })
  }
})
