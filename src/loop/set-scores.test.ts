import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evaluator } from '../onnx/model.ts'
import { taggedSet } from '../serving/fixtures/tagged-set.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { classify } from '../training/classes.ts'
import { knownBars } from '../training/events.ts'
import { makeTable } from '../training/fixtures/candidate-table.ts'
import { scoreSets } from './set-scores.ts'

const LATER = Date.UTC(2100, 0, 1)
const options = { asOf: LATER, minExpectedR: 0.05 }

/** Strategies of one side earn the same, as they do in a real table. */
function tableWithTies(seed: number) {
  const table = makeTable({ bars: 60, seed })
  for (const { row, size } of knownBars(table, LATER)) {
    for (let other = row + 1; other < row + size; other++) {
      const twin = Array.from({ length: other - row }, (_, i) => row + i).find(
        earlier => table.direction[earlier] === table.direction[other],
      )
      if (twin !== undefined) table.r[other] = table.r[twin]!
    }
  }
  return table
}

/** A set whose meta model gives these rows of probabilities, one an event. */
function setSaying(classes: readonly string[], probabilities: readonly (readonly number[])[], seed = 1): ModelSet {
  const set = taggedSet(seed)
  const meta: Evaluator = {
    ...set.roles.get('meta')!,
    outputs: classes.length,
    run: () => Float32Array.from(probabilities.flat()),
  }
  const windows = { fitEnd: Number.NEGATIVE_INFINITY, dataEnd: 0, embargoMs: 0 }
  return { ...set, classes, windows, roles: new Map([...set.roles, ['meta', meta]]) }
}

test('a set that says what training teaches has no loss, ties of one side included', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const table = tableWithTies(seed)
    const groups = knownBars(table, LATER)
    const { names, label } = classify(table, groups, Int32Array.from(groups.keys()), 1)
    const certain = groups.map((_, event) => names.map((_, index) => (index === label[event] ? 1 : 0)))
    const { candidateLoss } = scoreSets(setSaying(names, certain), undefined, { table, ...options })
    assert.equal(candidateLoss.length, groups.length)
    assert.ok(Math.max(...candidateLoss) < 1e-5, `seed ${seed}: ${Math.max(...candidateLoss)}`)
  }
})

test('a class that only one of two sets knows does not count: neither has the easier question', () => {
  const table = tableWithTies(7)
  const groups = knownBars(table, LATER)
  const all = [...table.strategies, 'None']
  const few = ['EmaCross', 'Momentum', 'None']
  const even = (classes: readonly string[]) => groups.map(() => classes.map(() => 1 / classes.length))
  const scores = scoreSets(setSaying(all, even(all)), setSaying(few, even(few), 2), { table, ...options })
  for (const loss of [...scores.candidateLoss, ...scores.championLoss]) assert.ok(Math.abs(loss - Math.log(3)) < 1e-6)
})
