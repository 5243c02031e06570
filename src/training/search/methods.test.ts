// Each method against random search on functions whose optimum is known, at fixed seeds.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { median } from '../../math/statistics.ts'
import { BRANIN, branin, objectiveOf, rosenbrock, still, UNEVEN, unitsOf, VALLEY } from './fixtures/landscapes.ts'
import type { SearchMethod } from './method.ts'
import { cmaEs } from './methods/cma-es.ts'
import { gaussianProcess } from './methods/gaussian-process.ts'
import { grid } from './methods/grid.ts'
import { halving, roundsOf } from './methods/halving.ts'
import { methodNamed, SEARCH_METHODS } from './methods/index.ts'
import { random } from './methods/random.ts'
import { tpe } from './methods/tpe.ts'
import { type Objective, search } from './search.ts'
import { parametersAt, type Space } from './space.ts'

const SEEDS = [0, 1, 2, 3, 4, 5, 6]

/** Median over seeds of the best that a method finds. */
async function found(method: SearchMethod, space: Space, objective: Objective, trials: number): Promise<number> {
  const best: number[] = []
  for (const seed of SEEDS) {
    const options = { ...still(seed), space, method, objective, trials, patience: trials }
    best.push((await search(options)).best!.value!)
  }
  return median(best)
}

const braninByChance = await found(random, BRANIN, objectiveOf(branin), 50)

test('TPE and the Gaussian process come closer to the minimum of Branin than chance, in 50 trials', async () => {
  const byTpe = await found(tpe, BRANIN, objectiveOf(branin), 50)
  const byProcess = await found(gaussianProcess, BRANIN, objectiveOf(branin), 50)
  assert.ok(byTpe > braninByChance / 2, `${byTpe}, by chance ${braninByChance}`)
  assert.ok(byProcess > -0.01, `${byProcess}`)
})

test('CMA-ES follows the valley of Rosenbrock where chance does not, in 160 trials', async () => {
  const own = await found(cmaEs, VALLEY, objectiveOf(rosenbrock), 160)
  const chance = await found(random, VALLEY, objectiveOf(rosenbrock), 160)
  assert.ok(own > chance / 2, `${own}, by chance ${chance}`)
})

test('the grid is even: its best is the best of its points, and it stops when they are used up', async () => {
  const options = { ...still(0), space: UNEVEN, method: grid, objective: objectiveOf(({ strong }) => -Number(strong)) }
  const { trials, best, stopped } = await search({ ...options, trials: 20 })
  assert.deepEqual([trials.length, stopped], [18, 'exhausted'])
  assert.equal(new Set(trials.map(({ parameters }) => JSON.stringify(parameters))).size, 18)
  assert.equal(best?.parameters['strong'], 0)
  const tried = (name: string) => new Set(trials.map(({ parameters }) => parameters[name])).size
  assert.deepEqual([tried('strong'), tried('weak'), tried('idle')], [3, 3, 2])
})

test('halving spends its trials on rounds of a third each, and what stands out early is what is left', async () => {
  assert.deepEqual(roundsOf(50), [35, 11, 3, 1])
  assert.deepEqual(roundsOf(1), [1])
  let [effort, best] = [0, -Infinity]
  const noise = seededRng('noise')
  const objective: Objective = async (parameters, { resource }) => {
    effort += resource
    const truth = branin(parameters)
    best = Math.max(best, truth)
    // A rougher picture at less effort, but not so rough that it hides who is best.
    return [truth + (1 - resource) * 0.05 * noise.normal()]
  }
  const result = await search({ ...still(3), space: BRANIN, method: halving, objective, trials: 50 })
  assert.deepEqual([result.trials.length, result.stopped], [50, 'trials'])
  assert.equal(branin(result.best!.parameters), best)
  assert.deepEqual(
    [...Map.groupBy(result.trials, ({ resource }) => resource)].map(([share, some]) => [share, some.length]),
    [
      [1 / 27, 35],
      [1 / 9, 11],
      [1 / 3, 3],
      [1, 1],
    ],
  )
  // 35 configurations for the effort of less than five.
  assert.ok(effort < 5, `${effort}`)
})

test('every method proposes inside the cube, the same for the same past, and never more than are left', () => {
  for (const method of SEARCH_METHODS) {
    const ask = { space: UNEVEN, trials: [], rng: seededRng(1), limit: 3 }
    const proposals = method.propose(ask)
    assert.ok(proposals.length > 0 && proposals.length <= 3, method.name)
    assert.deepEqual(unitsOf(method.propose(ask)), unitsOf(proposals), method.name)
    for (const { unit } of proposals) {
      assert.ok(unit.length === 3 && unit.every(place => place >= 0 && place <= 1), method.name)
      parametersAt(UNEVEN, unit)
    }
    assert.equal(methodNamed(method.name), method)
  }
  assert.equal(methodNamed('annealing'), undefined)
})
