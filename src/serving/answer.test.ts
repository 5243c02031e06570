import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Decision } from './answer.ts'
import { column, graph } from './fixtures/candidate.ts'
import { taggedSet } from './fixtures/tagged-set.ts'
import type { ModelSet } from './model-set.ts'
import { modelSlot } from './slot.ts'

const codeOf = (decision: Decision): string => (decision.ok ? 'answered' : decision.fault.code)

/** A set whose `meta` gives both values of the row and their sum. */
function setOf(over: Partial<ModelSet> = {}): ModelSet {
  const meta = graph(2, 3, 'probabilities', row => [row[0]!, row[1]!, row[0]! + row[1]!])
  const features = { meta: [column('price'), column('volume')] }
  return { ...taggedSet(1), roles: new Map([['meta', meta]]), features, ...over }
}

test('without a set in charge there is no answer, and no guess', () => {
  assert.equal(codeOf(answerOf(modelSlot(), 'meta', [1, 2])), 'NO_MODEL')
})

test('an answer has the outputs of the graph, the classes they stand for, and the release it is of', () => {
  const answer = answerOf(modelSlot('main', setOf()), 'meta', [0.25, 0.5])
  assert.deepEqual(answer, {
    ok: true,
    value: [0.25, 0.5, 0.75],
    classes: ['momentum', 'reversion', 'None'],
    baseline: false,
    releaseId: 'r-1',
    label: '20200101_000000_1',
    version: 1,
    setSeq: 0,
    decisionSeq: 1,
  })
})

test('a row may be an array of numbers or of 32-bit floats', () => {
  const slot = modelSlot('main', setOf())
  const [a, b] = [answerOf(slot, 'meta', [0.5, 2]), answerOf(slot, 'meta', Float32Array.of(0.5, 2))]
  assert.ok(a.ok && b.ok)
  assert.deepEqual(a.value, b.value)
})

test('an earlier answer stays as it was when the graph writes the next one to the same place', () => {
  const shared = new Float32Array(1)
  const execution = { ...graph(1, 1, 'expected_r', () => [0]), run: (row: Float32Array) => (shared.set(row), shared) }
  const slot = modelSlot('main', setOf({ roles: new Map([['execution', execution]]) }))
  const first = answerOf(slot, 'execution', [1])
  answerOf(slot, 'execution', [2])
  assert.deepEqual(first.ok && first.value, [1])
})

test('a role that stands in for a model says so', () => {
  const answer = answerOf(modelSlot('main', setOf({ baselineRoles: new Set(['meta']) })), 'meta', [1, 1])
  assert.equal(answer.ok && answer.baseline, true)
})

test('an unknown role, a row of another width and a value that is no number are refused, each by its own code', () => {
  const slot = modelSlot('main', setOf())
  const unknown = answerOf(slot, 'oracle', [1, 2])
  assert.equal(codeOf(unknown), 'ROLE_UNKNOWN')
  assert.equal(!unknown.ok && unknown.fault.fix, 'ask one of meta')
  const narrow = answerOf(slot, 'meta', [1])
  assert.equal(codeOf(narrow), 'ROW_WIDTH')
  assert.match(narrow.ok ? '' : narrow.fault.message, /expects a row of 2 values and found 1/)
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    const decision = answerOf(slot, 'meta', [1, bad])
    assert.equal(codeOf(decision), 'ROW_NONFINITE')
    assert.equal(!decision.ok && decision.fault.place, 'volume')
  }
})

test('a graph that has no finite answer gives none', () => {
  const meta = graph(2, 3, 'probabilities', () => [Number.NaN, 0, 0])
  assert.equal(
    codeOf(answerOf(modelSlot('main', setOf({ roles: new Map([['meta', meta]]) })), 'meta', [1, 2])),
    'OUTPUT_NONFINITE',
  )
})

test('no lease stays open, whatever the answer, also where the graph fails', () => {
  const broken = graph(2, 3, 'probabilities', () => {
    throw new Error('a bug')
  })
  const slot = modelSlot('main', setOf({ roles: new Map([...setOf().roles, ['broken', broken]]) }))
  for (const [role, row] of [
    ['meta', [1, 2]],
    ['meta', [1]],
    ['oracle', []],
  ] as const)
    answerOf(slot, role, row)
  assert.throws(() => answerOf(slot, 'broken', [1, 2]), /a bug/)
  assert.equal(slot.stats().leasesOpen, 0)
})
