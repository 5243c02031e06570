import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchTable } from '../../release/evaluation.ts'
import { searchBlocks } from './search.ts'

const trial = (number: number, value: number | null) => {
  const parameters = { depth: 3 + number, features: 'sqrt' }
  return { number, resource: 1, value, fault: value === null ? 'TRAIN_TOO_FEW' : null, parameters }
}
const table: SearchTable = {
  role: 'meta',
  method: 'tpe',
  stopped: 'patience',
  defaults: -1.31,
  chosen: 1,
  trials: [trial(1, -1.2), trial(2, null)],
  importance: { features: 0.1, depth: 0.8 },
}

test('every trial is listed with its parameters, a failed one with its code', () => {
  const [text, trials, importance] = searchBlocks(table)
  assert.match(
    text?.kind === 'text' ? text.text : '',
    /tpe .* meta: 2 trials, ended by patience.*-1.31. Trial 1 was chosen/,
  )
  assert.deepEqual(trials?.kind === 'table' && trials.rows, [
    ['1', '-1.2', '1', '4', 'sqrt'],
    ['2', 'TRAIN_TOO_FEW', '1', '5', 'sqrt'],
  ])
  assert.deepEqual(importance?.kind === 'table' && importance.rows, [
    ['depth', '0.8'],
    ['features', '0.1'],
  ])
})

test('where nothing was better or too little was tried it says so, and without a search nothing', () => {
  const [text, , importance] = searchBlocks({ ...table, chosen: null, importance: {} })
  assert.match(text?.kind === 'text' ? text.text : '', /the defaults stand/)
  assert.equal(importance?.kind, 'missing')
  assert.deepEqual(searchBlocks(undefined), [])
})
