import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../market/bar.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { signalId } from '../trading/table-rows.ts'
import { buildDataset } from './dataset.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { labelSet } from './label-set.ts'

const input = (change: (table: ReturnType<typeof makeTable>) => void = () => undefined) => {
  const table = makeTable({ bars: 800 })
  change(table)
  const data = buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
  return { data, snapshotId: 's'.repeat(64), featureSchemaSha256: 'f'.repeat(64), provenance: 'real' }
}

test('the facts are those of the rows', () => {
  const given = input()
  const { facts, rows } = labelSet(given)
  const { table, classes, events } = given.data
  assert.equal(facts.rows, rows.length)
  assert.deepEqual(Object.keys(facts.balance), classes)
  assert.equal(
    Object.values(facts.balance).reduce((sum, each) => sum + each, 0),
    events.count,
  )
  const ends = Array.from(rows, row => table.labelEnd[row]!)
  assert.deepEqual(facts.span, [table.time[rows[0]!], Math.max(...ends)])
})

test('each row has its identity, its 17 columns, its outcome and its weight', () => {
  const given = input()
  const { columns, rows } = labelSet(given)
  const cell = (name: string, at: number) => columns.find(column => column.name === name)!.cell(rows[at]!, at)
  const { table, weight } = given.data
  const row = rows[7]!
  assert.equal(cell('signal_id', 7), signalId(table, row, given.featureSchemaSha256))
  assert.equal(cell(FEATURE_NAMES[3], 7), table.features[row * 17 + 3])
  assert.deepEqual(
    [cell('r', 7), cell('label_win', 7), cell('weight', 7)],
    [table.r[row], table.r[row]! > 0, weight[7]],
  )
  assert.equal(new Set(columns.map(({ name }) => name)).size, columns.length)
})

test('the hash is that of the content: equal for equal rows, another for any other outcome, feature, source or schema', () => {
  const first = labelSet(input()).facts.sha256
  assert.equal(labelSet(input()).facts.sha256, first)
  const others = [
    labelSet(input(table => (table.features[17 * 40 + 2]! += 1))),
    labelSet(input(table => (table.slip[40]! += 1))),
    labelSet({ ...input(), snapshotId: 't'.repeat(64) }),
    labelSet({ ...input(), featureSchemaSha256: 'e'.repeat(64) }),
    labelSet({ ...input(), provenance: 'simulated' }),
  ].map(({ facts }) => facts.sha256)
  assert.equal(new Set([first, ...others]).size, 6)
})
