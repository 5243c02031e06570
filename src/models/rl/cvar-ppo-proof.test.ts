// Problems whose answers are known (RL-06): a pole that has to stay up, and two arms whose best mixture under a limit on CVaR, and whose
// multiplier, follow from a page of algebra.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { categoricalPolicy } from './categorical-policy.ts'
import { cvarPpo } from './cvar-ppo.ts'
import { cartPole } from './fixtures/cart-pole.ts'
import { RISKY, SAFE, twoArms } from './fixtures/two-arms.ts'

const LONG = process.env.RATCHET_LONG === '1'
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('the pole stays up for 475 steps on average after half a million', {
  skip: LONG ? false : 'takes half a minute; RATCHET_LONG=1 runs it',
}, () => {
  for (const seed of [1, 2, 3]) {
    const rng = seededRng(seed)
    const environments = Array.from({ length: 8 }, (_, e) => cartPole(rng.fork(`environment ${e}`)))
    const options = { hidden: [64, 64], cvar: undefined }
    const learner = cvarPpo({ policy: categoricalPolicy([0, 1]), environments, rng: rng.fork('ppo'), options })
    let newest: readonly number[] = []
    for (let steps = 0; steps + 1024 <= 500_000; steps += 1024) {
      // A rate that falls to 0: a constant one loses the pole now and then and finds it again.
      newest = [...newest, ...learner.iterate(3e-4 * (1 - steps / 500_000)).gains].slice(-100)
    }
    assert.ok(mean(newest) >= 475, `seed ${seed}: ${mean(newest)} over the last 100 episodes`)
  }
})

/*
 * The risky arm is taken with chance p. Let q be the chance of its bad gain -b, s the safe gain, which is also its usual one, and m its
 * mean gain. With q < alpha, and good gains rarer than 1 - alpha, the (1-alpha) quantile of the loss is z = -s for every p, so
 *
 *   E[G](p)    = s + p*(m - s)                                       a line,
 *   CVaR(-G)(p) = z + E[(-G - z)+]/alpha = -s + p*q*(b + s)/alpha    a line.
 *
 * The limit c is met with equality at p* = (c + s)*alpha / (q*(b + s)). There dE/dp = lambda*dCVaR/dp, hence
 *
 *   lambda* = alpha*(m - s) / (q*(b + s)),
 *
 * below which the risky arm is worth its charge and above which it is not.
 */
test('of two arms it takes the mixture that the limit on CVaR allows, at the price that algebra says', () => {
  const alpha = 0.25
  const [bad] = RISKY
  const gain = RISKY.reduce((sum, each) => sum + each.gain * each.chance, 0)
  const slope = (bad.chance * (SAFE - bad.gain)) / alpha
  const price = (gain - SAFE) / slope
  const share = 0.4
  const limit = -SAFE + share * slope
  assert.ok(Math.abs(price - 7 / 12) < 1e-6)

  const rng = seededRng(1)
  const environments = Array.from({ length: 8 }, (_, e) => twoArms(rng.fork(`environment ${e}`)))
  const options = { hidden: [8], rate: 1e-3, batch: 256, cvar: { alpha, limit } }
  const learner = cvarPpo({ policy: categoricalPolicy([0, 1]), environments, rng: rng.fork('ppo'), options })
  const [prices, shares, tails]: number[][] = [[], [], []]
  for (let iteration = 0; iteration < 1500; iteration++) {
    const { multiplier, gains, cvar } = learner.iterate()
    if (iteration < 1000) continue
    prices!.push(multiplier)
    shares!.push(gains.filter(each => each !== SAFE).length / gains.length)
    tails!.push(cvar)
  }
  for (const each of prices!) assert.ok(Math.abs(each / price - 1) < 0.1, `${each} instead of ${price}`)
  assert.ok(Math.abs(mean(shares!) - share) < 0.05, `${mean(shares!)} of the risky arm`)
  assert.ok(Math.abs(mean(tails!) - limit) < 0.1 * slope, `a CVaR of ${mean(tails!)} against ${limit}`)
})
