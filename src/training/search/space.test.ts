import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { checkParameters, checkSpace, levelsOf, parametersAt, type Space } from './space.ts'

const SPACE: Space = {
  rate: { kind: 'real', low: 0.01, high: 1, log: true },
  depth: { kind: 'whole', low: 2, high: 5 },
  trees: { kind: 'whole', low: 10, high: 1000, log: true },
  features: { kind: 'choice', of: ['sqrt', 'log2'] },
}

test('the cube covers every value, its ends are the ends of the ranges', () => {
  assert.deepEqual(parametersAt(SPACE, [0, 0, 0, 0]), { rate: 0.01, depth: 2, trees: 10, features: 'sqrt' })
  assert.deepEqual(parametersAt(SPACE, [1, 1, 1, 1]), { rate: 1, depth: 5, trees: 1000, features: 'log2' })
  const middle = parametersAt(SPACE, [0.5, 0.5, 0.5, 0.5])
  assert.ok(Math.abs(Number(middle['rate']) - 0.1) < 1e-12)
  assert.equal(middle['trees'], 97)
  const depths = Array.from({ length: 400 }, (_, i) => parametersAt(SPACE, [0, (i + 0.5) / 400, 0, 0])['depth'])
  assert.deepEqual(
    [...Map.groupBy(depths, Number).values()].map(({ length }) => length),
    [100, 100, 100, 100],
  )
})

test('levels are spread evenly, no more than there are values', () => {
  assert.deepEqual(levelsOf(SPACE['rate']!, 3), [0, 0.5, 1])
  assert.equal(levelsOf(SPACE['depth']!, 9).length, 4)
  assert.equal(levelsOf(SPACE['features']!, 3).length, 2)
})

test('an unknown or out-of-range parameter is refused with path, value and what is allowed', () => {
  const refused = (given: Record<string, unknown>): Fault => {
    try {
      checkParameters(SPACE, given, 'search.meta')
    } catch (cause) {
      if (cause instanceof Fault) return cause
    }
    throw new Error('was not refused')
  }
  checkParameters(SPACE, { rate: 0.01, depth: 5, features: 'log2' }, 'search.meta')
  const unknown = refused({ deepth: 3 })
  assert.deepEqual(
    [unknown.code, unknown.place, unknown.fix],
    ['PARAM_INVALID', 'search.meta.deepth', 'give one of rate, depth, trees, features'],
  )
  const wide = refused({ depth: 6 })
  assert.deepEqual(
    [wide.code, wide.place, wide.message, wide.fix],
    ['PARAM_INVALID', 'search.meta.depth', '6 is not allowed here', 'give a whole number from 2 to 5'],
  )
  for (const given of [
    { depth: 2.5 },
    { rate: '0.1' },
    { features: 'all' },
    { rate: Number.NaN },
    { constructor: 1 },
  ]) {
    assert.equal(refused(given).code, 'PARAM_INVALID')
  }
})

test('a space that holds nothing is refused', () => {
  const bad: Space[] = [
    {},
    { a: { kind: 'real', low: 2, high: 1 } },
    { a: { kind: 'real', low: 0, high: 1, log: true } },
    { a: { kind: 'whole', low: 0.5, high: 1 } },
    { a: { kind: 'choice', of: [] } },
  ]
  for (const space of bad) assert.throws(() => checkSpace(space, 'space'), { code: 'PARAM_INVALID' })
})
