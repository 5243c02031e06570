import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evaluator } from '../onnx/model.ts'
import { taggedSet } from '../serving/fixtures/tagged-set.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { makeTable, STRATEGIES } from '../training/fixtures/candidate-table.ts'
import { settingsSchema } from './settings.ts'
import { slotWorth } from './slot-worth.ts'

const CLASSES = [...STRATEGIES, 'None']
const options = { table: makeTable({ bars: 300, edge: true }), asOf: Date.UTC(2100, 0, 1), minExpectedR: 0.05 }
const ports = { settings: settingsSchema.parse({}) }

/** @param sure the chance that the set gives to the winner of the made table's rule */
function setOf(sure: number, seed: number): ModelSet {
  const set = taggedSet(seed)
  const evaluator = (outputs: number, answer: (rsi: number) => readonly number[]): Evaluator => ({
    ...set.roles.get('meta')!,
    outputs,
    run: (rows, count) => {
      const width = rows.length / count
      return Float32Array.from(Array.from({ length: count }, (_, row) => answer(rows[row * width + 2]!)).flat())
    },
  })
  const rest = (1 - sure) / 4
  const meta = evaluator(5, rsi => {
    const winner = rsi < 37 ? 1 : rsi > 63 ? 3 : 4
    return CLASSES.map((_, k) => (k === winner ? sure : rest))
  })
  const one = evaluator(1, () => [1])
  return {
    ...set,
    classes: CLASSES,
    baselineRoles: new Set(['execution', 'rl_sizer']),
    windows: { fitEnd: 0, dataEnd: 0, embargoMs: 0 },
    roles: new Map([
      ['meta', meta],
      ['execution', one],
      ['rl_sizer', one],
    ]),
  }
}

test('a set that knows more has helped and is proposed', () => {
  const { worth, proposed } = slotWorth(setOf(0.8, 2), setOf(0.25, 1), options, ports)
  assert.ok(proposed.ok && worth!.helped && worth!.lossGain > 0 && worth!.n === 300)
})

test('a set that surely predicts worse is not proposed, with the reason', () => {
  const { worth, proposed } = slotWorth(setOf(0.05, 2), setOf(0.8, 1), options, ports)
  assert.ok(!proposed.ok && !worth!.helped)
  assert.equal(proposed.fault.code, 'NOT_BETTER')
  assert.match(
    proposed.fault.message,
    /^the new set (earns less|predicts worse) than the one in charge on 300 decisions/,
  )
})

test('a set that says the same is no worse: a refresh is proposed, and has not helped', () => {
  const { worth, proposed } = slotWorth(setOf(0.8, 2), setOf(0.8, 1), options, ports)
  assert.deepEqual([proposed.ok, worth], [true, { n: 300, lossGain: 0, rGain: 0, helped: false }])
})

test('without an old one there is nothing to compare, and few decisions prove nothing', () => {
  assert.deepEqual(slotWorth(setOf(0.8, 2), undefined, options, ports).worth, null)
  const few = { ...options, table: makeTable({ bars: 15, edge: true }) }
  const { worth, proposed } = slotWorth(setOf(0.05, 2), setOf(0.8, 1), few, ports)
  assert.ok(proposed.ok && worth!.n === 15)
})
