// Models that are well-formed and still no good (fault catalogue, section D): gates find what no reader of bytes can.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answers, candidate, column, contextOf, FEATURES, realRows } from '../fixtures/candidate.ts'
import { schema } from './g3-schema.ts'
import { shapes } from './g4-shapes.ts'
import { parity } from './g5-parity.ts'
import { sanity } from './g6-sanity.ts'
import { finite } from './g8-finite.ts'
import { runGates } from './run.ts'

test('fault 56: the same shape with its columns in another order is refused by the schema, and its golden vectors differ', () => {
  const permuted = candidate({ features: { ...FEATURES, meta: [column('b'), column('a')] } })
  const named = schema.check(contextOf(permuted))
  assert.equal(named.result, 'fail')
  assert.match(named.reason ?? '', /moved/)
  // Where the schema lies, too: the graph reads the columns the other way round.
  const swapped: Answers = row => {
    const [a, b] = [Math.exp(row[1]!), Math.exp(row[0]!)]
    return [a / (a + b + 1), b / (a + b + 1), 1 / (a + b + 1)]
  }
  const other = candidate({ golden: 'sound', answers: { meta: swapped } })
  assert.equal(schema.check(contextOf(other)).result, 'pass')
  assert.equal(shapes.check(contextOf(other)).result, 'pass')
  assert.match(parity.check(contextOf(other)).reason ?? '', /meta: \d+ of 192 values differ/)
  assert.equal(runGates(contextOf(other)).report.verdict, 'fail')
})

test('fault 57: answers that are not finite on any of the rows that gates look at are refused', () => {
  const rows = { recentRows: realRows(500) }
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const spike: Answers = row => [row[0]! > 0.95 ? bad : 0.3 * row[0]!]
    const made = candidate({ answers: { execution: spike } })
    assert.equal(finite.check(contextOf(made, rows)).result, 'fail', String(bad))
    assert.equal(runGates(contextOf(made, rows)).report.verdict, 'fail')
  }
})

test('fault 58: a constant, one class for everything and chances that do not sum to 1 are refused', () => {
  const rows = { recentRows: realRows(500) }
  const constant = candidate({ answers: { execution: () => [0.2] } })
  assert.match(sanity.check(contextOf(constant, rows)).reason ?? '', /one value/)
  const oneClass = candidate({ answers: { meta: row => [0.9 + 0.01 * row[0]!, 0.05, 0.05 - 0.01 * row[0]!] } })
  assert.equal(sanity.check(contextOf(oneClass, rows)).result, 'fail')
  for (const [first, tolerated] of [
    [0.5, true],
    [0.50005, true],
    [0.5003, false],
    [0.4997, false],
  ] as const) {
    const chances = candidate({ answers: { meta: () => [first, 0.3, 0.2] } })
    assert.equal(shapes.check(contextOf(chances, rows)).result, tolerated ? 'pass' : 'fail', String(first))
  }
  for (const made of [constant, oneClass]) assert.equal(runGates(contextOf(made, rows)).report.verdict, 'fail')
})
