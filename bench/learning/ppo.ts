// CVaR-PPO over the brain's sizes on the sessions of ppo-market.ts: environment steps a second, and the mean session of the greedy
// policy on sessions that nobody trained on.

import { openCrew } from '../../src/adapters/threads/crew.ts'
import { seededRng } from '../../src/base/rng.ts'
import { BRAIN_SIZES, categoricalPolicy } from '../../src/models/rl/categorical-policy.ts'
import { cvarPpo } from '../../src/models/rl/cvar-ppo.ts'
import { ppoMarket, readTrades } from './ppo-market.ts'

type Task = {
  readonly seed: number
  readonly data: string
  readonly threads: number
  readonly envs: number
  readonly horizon: number
  readonly epochs: number
  readonly batch: number
  readonly iterations: number
  readonly cvarLimit: number
}

const { seed, data, threads, envs, horizon, epochs, batch, iterations, cvarLimit } = JSON.parse(
  process.argv[2]!,
) as Task
const train = readTrades(data, 'train')
const environments = Array.from({ length: envs }, (_, e) => ppoMarket(train, e, envs))

const thread = new URL('../../src/entry/crew-thread.ts', import.meta.url)
const crew = threads > 1 ? await openCrew({ thread, helpers: 1 }) : undefined
const start = performance.now()
const learner = cvarPpo({
  policy: categoricalPolicy(BRAIN_SIZES),
  environments,
  rng: seededRng(seed),
  crew,
  options: {
    hidden: [64, 64],
    horizon,
    epochs,
    batch,
    targetKl: Number.POSITIVE_INFINITY,
    cvar: { alpha: 0.05, limit: cvarLimit },
  },
})
let multiplier = 0
for (let i = 0; i < iterations; i++) multiplier = learner.iterate().multiplier
const seconds = (performance.now() - start) / 1000

await crew?.close()
const test = readTrades(data, 'test')
const judge = ppoMarket(test, 0, 1)
const state = new Float32Array(judge.width)
let gains = 0
for (let session = 0; session < test.sessions; session++) {
  judge.reset(state)
  for (let open = true; open; ) {
    const { reward, ending } = judge.step(learner.act(state, 1)[0]!, state)
    gains += reward
    open = ending === 'none'
  }
}
console.log(
  JSON.stringify({
    value: (iterations * envs * horizon) / seconds,
    quality: gains / test.sessions,
    multiplier,
    peakMb: process.resourceUsage().maxRSS / 1024,
    versions: { node: process.versions.node },
  }),
)
