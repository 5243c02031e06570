import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Multiplicity } from '../../release/evaluation.ts'
import { trialBlocks } from './trials.ts'

const multiplicity: Multiplicity = {
  trials: 12,
  looks: 4,
  holdoutViews: 16,
  sharpeVariance: 0.01,
  pbo: 0.3,
  deflatedSharpe: { value: 0.91, low: null, high: null, n: 140 },
}

const figures = (over: Partial<Multiplicity>, trials = 12) =>
  trialBlocks({ trials, multiplicity: { ...multiplicity, ...over } }).flatMap(block =>
    block.kind === 'figures' ? block.figures.map(({ label, value, note }) => [label, value, note]) : [],
  )

test('the ledger of a release is shown: looks, views of the holdout, deflated Sharpe, overfitting', () => {
  assert.deepEqual(figures({}), [
    ['Looks', 4, undefined],
    ['Holdout views', 16, undefined],
    ['Deflated Sharpe', 0.91, '140 independent decisions'],
    ['Overfitting', 0.3, undefined],
  ])
})

test('what is not known is N/A with its reason', () => {
  const thin = { value: null, low: null, high: null, n: 7, note: '7 periods, 30 are needed' }
  assert.deepEqual(figures({ pbo: null, deflatedSharpe: thin }, 1).slice(2), [
    ['Deflated Sharpe', null, '7 periods, 30 are needed'],
    ['Overfitting', null, 'one configuration: nothing was chosen'],
  ])
})

test('a release from before the ledger states its count alone', () => {
  const [block] = trialBlocks({ trials: 1 })
  assert.ok(block?.kind === 'text' && block.text.startsWith('1 configuration was tried'))
  assert.equal(trialBlocks({ trials: 3 }).length, 1)
})
