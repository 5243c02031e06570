import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DRIFT_LIMITS } from '../feedback/drift-limits.ts'
import { DAY_MS } from '../market/bar.ts'
import type { Evaluator } from '../onnx/model.ts'
import { taggedSet } from '../serving/fixtures/tagged-set.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import { makeTable, STRATEGIES } from '../training/fixtures/candidate-table.ts'
import { SCHEMA } from '../training/fixtures/run.ts'
import { checkDrift } from './check-drift.ts'
import { modelOutcomes } from './model-outcomes.ts'

const BARS = 900
const CLASSES = [...STRATEGIES, 'None']
const RSI = 2

/** Labels that end with the next bar: every event is an outcome of its own. */
const edge = makeTable({ bars: BARS, edge: true, maxSpan: 1 })
const timeAt = (bar: number): number => edge.time[bar * STRATEGIES.length]!
const FIT_END = timeAt(200)
const DATA_END = timeAt(300)
const options = { asOf: timeAt(BARS - 1) + DAY_MS, minExpectedR: 0.05, step: 0.01 }

/** Knows the rule of the made table: the outer thirds of rsi have a winner. */
function knowing(): ModelSet {
  const set = taggedSet(1)
  const evaluator = (outputs: number, answer: (row: Float32Array) => readonly number[]): Evaluator => ({
    ...set.roles.get('meta')!,
    outputs,
    run(rows, count) {
      const width = rows.length / count
      const answers = Array.from({ length: count }, (_, row) => answer(rows.subarray(row * width, (row + 1) * width)))
      return Float32Array.from(answers.flat())
    },
  })
  const meta = evaluator(CLASSES.length, row => {
    const winner = row[RSI]! < 37 ? 1 : row[RSI]! > 63 ? 3 : -1
    return CLASSES.map((_, k) => (winner < 0 ? (k === 4 ? 0.5 : 0.125) : k === winner ? 0.8 : 0.05))
  })
  const evaluation = { ...set.evaluation, windows: { ...set.evaluation.windows, fit: [0, FIT_END] as const } }
  return {
    ...set,
    evaluation,
    classes: CLASSES,
    features: SCHEMA,
    windows: { fitEnd: FIT_END, dataEnd: DATA_END, embargoMs: DAY_MS },
    baselineRoles: new Set(['execution']),
    roles: new Map([
      ['meta', meta],
      ['execution', evaluator(1, () => [1])],
      ['rl_sizer', evaluator(1, () => [2])],
    ]),
  }
}

/** From this bar on another market: what the rule knows is no longer so. */
function turned(bar: number, change: (table: CandidateTable, row: number) => void): CandidateTable {
  const table = structuredClone(edge)
  for (let row = 0; row < table.length; row++) if (table.bar[row]! >= bar) change(table, row)
  return table
}

const lost = (table: CandidateTable, row: number): void => {
  table.r[row] = -table.r[row]!
}

const check = (table: CandidateTable, since = new Map<string, number>()) =>
  new Map(checkDrift(knowing(), { ...options, table }, since, DRIFT_LIMITS).map(found => [found.role, found]))

const detectors = (table: CandidateTable, role: string, since?: Map<string, number>) =>
  new Set(
    check(table, since)
      .get(role)!
      .signals.filter(({ level }) => level === 'trigger')
      .map(({ detector }) => detector),
  )

test('outcomes begin after the embargo, one an event, with error, chance, R and cost of what was chosen', () => {
  const outcomes = modelOutcomes(knowing(), { ...options, table: edge })
  const meta = outcomes.get('meta')!
  assert.ok(meta[0]!.from > FIT_END + DAY_MS && meta.length > 650, `${meta.length}`)
  const right = meta.filter(({ error }) => error === 0).length / meta.length
  assert.ok(right > 0.5 && right < 0.95, `${right}`)
  const traded = meta.filter(({ r }) => r !== null)
  assert.ok(traded.length > 200 && traded.length < meta.length)
  for (const { r, costR } of traded) assert.ok(Number.isFinite(r) && costR! > 0)
  assert.equal(new Set(meta.map(({ stated }) => stated)).size, 2)
})

test('a stand-in has no outcomes, and the sizer is judged by R times size alone', () => {
  const outcomes = modelOutcomes(knowing(), { ...options, table: edge })
  assert.deepEqual([...outcomes.keys()], ['meta', 'rl_sizer'])
  const [meta, sizer] = [outcomes.get('meta')!, outcomes.get('rl_sizer')!]
  for (const [at, { error, r }] of sizer.entries()) {
    assert.equal(error, null)
    assert.equal(r, meta[at]!.r === null ? null : 2 * meta[at]!.r)
  }
})

test('labels that overlap count once', () => {
  const long = makeTable({ bars: BARS, edge: true, maxSpan: 20 })
  const meta = modelOutcomes(knowing(), { ...options, table: long }).get('meta')!
  assert.ok(meta.length < 60, `${meta.length}`)
  for (const [at, { from }] of meta.entries()) assert.ok(at === 0 || from >= meta[at - 1]!.at)
})

test('a market that stays as it was asks for nothing by ADWIN and by its columns', () => {
  const found = detectors(edge, 'meta')
  assert.ok(!found.has('adwinError') && !found.has('adwinR') && !found.has('psi'), [...found].join())
})

test('a market that turns is found in the error and in R, for the classifier and for the sizer', () => {
  const table = turned(600, lost)
  const meta = detectors(table, 'meta')
  assert.ok(meta.has('adwinError') && meta.has('adwinR'), [...meta].join())
  assert.ok(detectors(table, 'rl_sizer').has('adwinR'))
})

test('what turned before the training ended is no news, and what was told before is not told again', () => {
  assert.ok(!detectors(turned(202, lost), 'meta').has('adwinError'))
  const table = turned(600, lost)
  assert.ok(!detectors(table, 'meta', new Map([['meta', options.asOf]])).has('adwinError'))
})

test('a column that moves is found in what the model reads: a price that is half as high is no drift, an rsi of elsewhere is', () => {
  const halved = turned(301, (table, row) => {
    for (const column of [0, 1, 3, 4]) table.features[row * FEATURE_COUNT + column]! /= 2
  })
  assert.ok(!detectors(halved, 'meta').has('psi'))
  const moved = turned(301, (table, row) => {
    table.features[row * FEATURE_COUNT + RSI] = 60 + table.features[row * FEATURE_COUNT + RSI]! / 4
  })
  const { signals } = check(moved).get('meta')!
  const psi = signals.filter(({ detector }) => detector === 'psi')
  assert.deepEqual(
    psi.map(({ column, level }) => [column, level]),
    [['rsi', 'trigger']],
  )
})

test('the same table and time give the same answer', () => {
  const table = turned(600, lost)
  assert.deepEqual(check(table), check(structuredClone(table)))
})
