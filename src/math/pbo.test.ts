import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { blockSums, probabilityOfOverfitting, sumsByBlock } from './pbo.ts'
import { mean, standardDeviation } from './statistics.ts'

const rng = seededRng(4)
const noise = (periods: number, edge = 0) => Float64Array.from({ length: periods }, () => edge + rng.normal())

test('of strategies that are noise the best is below the median as often as not', () => {
  const draws = Array.from({ length: 12 }, () =>
    probabilityOfOverfitting(blockSums(Array.from({ length: 50 }, () => noise(640)))),
  )
  assert.ok(Math.abs(mean(draws) - 0.5) < 0.1, `${mean(draws)}`)
})

test('one truly better strategy is better again', () => {
  const columns = [...Array.from({ length: 30 }, () => noise(1_000)), noise(1_000, 0.3)]
  assert.ok(probabilityOfOverfitting(blockSums(columns)) < 0.01)
})

test('strategies that win where they were not chosen are always overfitted', () => {
  // Each earns in its own half of the blocks and loses in the other one.
  const drawn = Float64Array.from({ length: 160 }, (_, i) => (i < 80 ? 1 : -1) + 0.1 * rng.normal())
  const center = mean(drawn)
  const first = drawn.map(value => value - center)
  assert.ok(probabilityOfOverfitting(blockSums([first, first.map(value => -value)])) > 0.99)
})

/** The definition, word for word: all splits, Sharpe ratios from the values themselves. */
function byDefinition(columns: readonly Float64Array[], blocks: number): number {
  const periods = columns[0]!.length
  const sharpe = (values: Float64Array) => mean(values) / standardDeviation(values)
  let lost = 0
  let splits = 0
  for (let mask = 0; mask < 2 ** blocks; mask++) {
    const within = (period: number) => ((mask >> Math.floor((period * blocks) / periods)) & 1) === 1
    if (mask.toString(2).replaceAll('0', '').length !== blocks / 2) continue
    const inside = columns.map(values => sharpe(values.filter((_, period) => within(period))))
    const outside = columns.map(values => sharpe(values.filter((_, period) => !within(period))))
    const best = inside.indexOf(Math.max(...inside))
    const rank = outside.filter(value => value <= outside[best]!).length / (columns.length + 1)
    if (Math.log(rank / (1 - rank)) <= 0) lost++
    splits++
  }
  return lost / splits
}

test('it is what the definition gives, over all splits of 6 blocks', () => {
  for (const strategies of [2, 5, 9]) {
    const columns = Array.from({ length: strategies }, () => noise(120, 0.02))
    assert.equal(probabilityOfOverfitting(blockSums(columns, 6)), byDefinition(columns, 6))
  }
})

test('a strategy that never trades ranks with Sharpe 0, and one strategy alone was not chosen', () => {
  assert.equal(probabilityOfOverfitting(blockSums([new Float64Array(64), noise(64, -5)])), 0)
  assert.ok(Number.isNaN(probabilityOfOverfitting(blockSums([noise(64)]))))
})

test('blocks are consecutive and as equal as they can be', () => {
  const [sums] = sumsByBlock(new Float64Array(35).fill(1), 16)
  assert.deepEqual([Math.min(...sums), Math.max(...sums), sums.reduce((a, b) => a + b)], [2, 3, 35])
  assert.throws(() => blockSums([noise(10), noise(11)]), RangeError)
  assert.throws(() => probabilityOfOverfitting(blockSums([noise(10), noise(10)], 5)), RangeError)
})
