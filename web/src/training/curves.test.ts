// Points of learning curves by model.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CurvePoints, curvesOf, isDrawn } from './curves.ts'

const point = (role: string, curve: CurvePoints[number]['curve'], x: number, y: number): CurvePoints[number] => ({
  role,
  curve,
  x,
  y,
  unit: 'steps',
})

test('curves of one model share their steps, and a missing point is a gap, not a zero', () => {
  const [meta] = curvesOf([
    point('meta', 'train', 2, 0.5),
    point('meta', 'train', 1, 0.7),
    point('meta', 'validation', 2, 0.6),
    point('meta', 'rate', 1, 0.01),
  ])
  assert.deepEqual(meta, {
    role: 'meta',
    unit: 'steps',
    x: [1, 2],
    train: [0.7, 0.5],
    validation: [null, 0.6],
    rate: [0.01, null],
  })
})

test('models keep the order in which they are fitted', () => {
  assert.deepEqual(
    curvesOf([point('meta', 'train', 0, 1), point('execution', 'train', 0, 1), point('meta', 'train', 1, 1)]).map(
      ({ role }) => role,
    ),
    ['meta', 'execution'],
  )
})

test('the last word on a step counts', () => {
  assert.deepEqual(curvesOf([point('meta', 'train', 0, 1), point('meta', 'train', 0, 2)])[0]!.train, [2])
})

test('a curve without a point is not drawn', () => {
  assert.equal(isDrawn([null, null]), false)
  assert.equal(isDrawn([null, 0]), true)
})
