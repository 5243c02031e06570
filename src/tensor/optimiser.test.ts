import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { adamInit, adamUpdate } from './adam.ts'
import { layOut, run } from './evaluate.ts'
import { adam, adamW, type Optimiser, rmsprop, sgd } from './optimiser.ts'
import { input } from './tensor.ts'

type Reference = {
  readonly start: readonly number[]
  readonly gradients: readonly (readonly number[])[]
  readonly paths: Readonly<Record<string, readonly (readonly number[])[]>>
}
const reference = JSON.parse(readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8')) as Reference

/** The parameters after each step. */
function pathOf(optimiser: Optimiser, rate: number): readonly Float64Array[] {
  const size = reference.start.length
  const leaves = (stem: string, count: number, length: number) =>
    Array.from({ length: count }, (_, place) => input(`${stem}${place}`, [length]))
  const update = optimiser.update(
    input('weights', [size]),
    input('gradient', [size]),
    leaves('moment', optimiser.moments, size),
    leaves('scalar', optimiser.scalars(0, 1).length, 1),
  )
  const plan = layOut([update.parameters, ...update.moments])
  let state = [Float64Array.from(reference.start), ...update.moments.map(() => new Float64Array(size))]
  return reference.gradients.map((gradient, step) => {
    const feeds: Record<string, Float64Array> = { weights: state[0]!, gradient: Float64Array.from(gradient) }
    for (const [place, moment] of state.slice(1).entries()) feeds[`moment${place}`] = moment
    for (const [place, value] of optimiser.scalars(step, rate).entries())
      feeds[`scalar${place}`] = Float64Array.of(value)
    run(plan, feeds)
    state = plan.results.map(result => result.slice())
    return state[0]!
  })
}

const same = (path: readonly Float64Array[], expected: readonly ArrayLike<number>[]): void => {
  for (const [step, weights] of path.entries()) {
    for (const [i, weight] of weights.entries()) {
      const wanted = expected[step]![i]!
      assert.ok(
        Math.abs(weight - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)),
        `step ${step}: ${weight}, not ${wanted}`,
      )
    }
  }
}

const CASES: Readonly<Record<string, readonly [Optimiser, number]>> = {
  sgd: [sgd(), 0.1],
  'sgd with momentum and decay': [sgd({ momentum: 0.9, weightDecay: 0.02 }), 0.1],
  adam: [adam(), 0.01],
  adamW: [adamW({ weightDecay: 0.05 }), 0.01],
  rmsprop: [rmsprop({ decay: 0.9 }), 0.01],
}

for (const [name, [optimiser, rate]] of Object.entries(CASES)) {
  test(`eight steps of ${name} are PyTorch's`, () => same(pathOf(optimiser, rate), reference.paths[name]!))
}

test('adam as a graph and adam in place make the same steps', () => {
  const weights = { w: Float64Array.from(reference.start) }
  const state = adamInit(weights)
  const expected = reference.gradients.map(gradient => {
    adamUpdate(state, weights, { w: Float64Array.from(gradient) }, { rate: 0.01, weightDecay: 0.05 })
    return weights.w.slice()
  })
  same(pathOf(adamW({ weightDecay: 0.05 }), 0.01), expected)
})
