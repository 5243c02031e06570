import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openCrew } from '../../adapters/threads/crew.ts'
import { seededRng } from '../../base/rng.ts'
import type { Crew } from '../crew.ts'
import { categoricalPolicy } from './categorical-policy.ts'
import { cvarPpo } from './cvar-ppo.ts'
import { cartPole } from './fixtures/cart-pole.ts'

const thread = new URL('../../entry/crew-thread.ts', import.meta.url)
const crews = await Promise.all([1, 3].map(helpers => openCrew({ thread, helpers })))
after(() => Promise.all(crews.map(crew => crew.close())))

function learnt(targetKl: number, crew?: Crew): string {
  const rng = seededRng(5)
  const environments = [0, 1, 2, 3].map(e => cartPole(rng.fork(`environment ${e}`)))
  const options = { hidden: [16, 12], horizon: 64, batch: 64, cvar: { alpha: 0.1, limit: -15 }, targetKl }
  const learner = cvarPpo({ policy: categoricalPolicy([0, 1]), environments, rng: rng.fork('ppo'), options, crew })
  const reports = [1, 2, 3, 4].map(() => learner.iterate())
  return JSON.stringify([reports, learner.save()])
}

// The first limit lets every epoch be made, the second stops an iteration after one.
for (const targetKl of [Number.POSITIVE_INFINITY, 1e-9]) {
  test(`a policy is the same bytes with 1, 2 and 4 threads, epochs stopped by a divergence of ${targetKl}`, () => {
    const alone = learnt(targetKl)
    for (const crew of crews) assert.ok(learnt(targetKl, crew) === alone, `${crew.helpers + 1} threads`)
  })
}
