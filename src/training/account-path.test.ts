import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountPath } from './account-path.ts'
import { makeTable } from './fixtures/candidate-table.ts'

// Five bars of one candidate each (row 0, 4, 8, 12, 16), two bars a session. Outcomes are known one bar later.
function path(outcomes: readonly number[]) {
  const table = makeTable({ bars: outcomes.length })
  const rows = Int32Array.from(outcomes, (_, bar) => bar * 4)
  for (const [bar, r] of outcomes.entries()) {
    table.time[rows[bar]!] = bar
    table.labelEnd[rows[bar]!] = bar + 1
    table.r[rows[bar]!] = r
  }
  const sessionOf = (time: number): string => `${Math.floor(time / 2)}`
  return accountPath({ table, rows, traded: rows, sessionOf, drawdownLimitR: 4 })
}

test('the R of a session starts at zero and counts what closed in it', () => {
  assert.deepEqual(Array.from(path([1, 2, -1, -1, 3]).sessionR), [0, 1, 2, 1, -1])
})

test('drawdown is the share of the limit below the peak, at most all of it', () => {
  assert.deepEqual(Array.from(path([1, -1, -1, -3, 0]).drawdown), [0, 0, 0.25, 0.5, 1])
})

test('an outcome changes nothing before it is known', () => {
  const one = path([1, 2, -1, 5, 3])
  const other = path([1, 2, -1, -5, -3])
  assert.deepEqual(one.sessionR.subarray(0, 4), other.sessionR.subarray(0, 4))
  assert.deepEqual(one.drawdown.subarray(0, 4), other.drawdown.subarray(0, 4))
})
