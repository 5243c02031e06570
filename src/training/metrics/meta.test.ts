import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../market/bar.ts'
import { metaBaselines } from '../baselines/meta.ts'
import { buildDataset, candidatesOf } from '../dataset.ts'
import { makeTable } from '../fixtures/candidate-table.ts'
import { valueOf } from './interval.ts'
import { chosenRows, metaStatistics, scoresOf } from './meta.ts'

const table = makeTable({ bars: 600 })
table.fired.fill(0)
table.fired[2] = 1
table.fired[4] = 1
table.r.set([0.1, 0.5, -1, 0.4, -0.1, -0.2, -1, -1])
for (let row = 8; row < table.length; row++) table.fired[row] = row % 5 === 0 ? 1 : 0
const data = buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
const events = Int32Array.of(0, 1)
// Classes: EmaCross, MeanReversion, Breakout, Momentum, None.
const judged = { data, events, probabilities: Float32Array.of(0.1, 0.5, 0.15, 0.05, 0.2, 0.2, 0.1, 0.1, 0.1, 0.5) }

test('the likeliest strategy is chosen unless None is as likely', () => {
  assert.deepEqual(Array.from(chosenRows(judged, false)), [1])
})

test('only a fired candidate can be traded', () => {
  assert.deepEqual(Array.from(chosenRows(judged, true)), [])
})

test('a score is the masked and renormalised chance of the likeliest fired strategy', () => {
  const [first, second] = scoresOf(judged)
  assert.ok(Math.abs(first! - 0.15 / 0.35) < 1e-6)
  assert.ok(Math.abs(second! - 0.2 / 0.7) < 1e-6)
})

test('statistics agree with values by hand', () => {
  const statistics = metaStatistics(judged)
  assert.ok(Math.abs(valueOf(statistics['logLoss']!) - -Math.log(0.5)) < 1e-6)
  assert.equal(valueOf(statistics['accuracy']!), 1)
  assert.equal(valueOf(statistics['meanR']!), 0.5)
})

test('the majority baseline says the class shares of the fit part', async () => {
  const { majority } = await metaBaselines(data, data.split.holdout)
  const shares = data.classes.map(
    (_, label) => data.split.fit.filter(event => data.events.label[event] === label).length / data.split.fit.length,
  )
  const holdout = Array.from(data.split.holdout, event => -Math.log(shares[data.events.label[event]!]!))
  const loss = holdout.reduce((sum, each) => sum + each, 0) / holdout.length
  assert.ok(Math.abs(valueOf(majority!['logLoss']!) - loss) < 1e-6)
})

test('the best single strategy is chosen by the fit part and judged on the holdout', async () => {
  const own = structuredClone(table)
  for (let row = 3; row < 1600; row += 4) own.r[row] = 2
  const better = buildDataset({ table: own, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
  const rows = Array.from(candidatesOf(better, better.split.holdout).rows).filter(row => own.strategy[row] === 3)
  const expected = rows.reduce((sum, row) => sum + own.r[row]!, 0) / rows.length
  const { bestStrategy: best } = await metaBaselines(better, better.split.holdout)
  assert.ok(Math.abs(valueOf(best!['meanR']!) - expected) < 1e-12)
})

test('the champion is judged under our classes', async () => {
  const champion = {
    releaseId: 'r-1',
    classes: ['Momentum', 'Gone', 'None'],
    answer: async (_: string, __: Float32Array, count: number) => ({
      values: Float32Array.from({ length: 3 * count }, (_value, i) => [0.2, 0.5, 0.3][i % 3]!),
      outputs: 3,
    }),
  }
  const { lastModel: last } = await metaBaselines(data, Int32Array.of(1), champion)
  assert.ok(Math.abs(valueOf(last!['logLoss']!) - -Math.log(0.6)) < 1e-4)
})
