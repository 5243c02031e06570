// The table of faults itself: it finds cases in names, tells a skip from a pass, and a case that nobody tests is a problem.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASES, faultTable, numbersIn } from '../../scripts/faults.mjs'

const all = CASES.map(([number]) => ({ name: `fault ${String(number)}: it holds`, outcome: 'passed', reason: '' }))
const without = (number: number) => all.filter(({ name }) => !name.startsWith(`fault ${number}:`))
const rowOf = (tests: typeof all, number: number): string => {
  const { lines } = faultTable(tests) as { readonly lines: readonly string[] }
  return lines.find(line => line.trimStart().startsWith(`${number} `)) ?? ''
}

test('a name claims one case, several or a span of them, and other numbers are none', () => {
  assert.deepEqual(numbersIn('fault 67: killed'), [67])
  assert.deepEqual(numbersIn('faults 48 and 49: outside data'), [48, 49])
  assert.deepEqual(numbersIn('faults 67, 68, 70-72 and 81: power loss of 5 installs'), [67, 68, 70, 71, 72, 81])
  assert.deepEqual(numbersIn('fault 81, REL-30: power loss'), [81])
  assert.deepEqual(numbersIn('case 7: default 12 faults'), [])
})

test('with a test for each case there is no problem, and the table has a line for each', () => {
  const { lines, problems } = faultTable(all)
  assert.deepEqual(problems, [])
  assert.equal(lines.length, CASES.length)
  const numbers = CASES.map(([number]) => Number(number))
  assert.deepEqual(
    numbers.slice(0, 94),
    Array.from({ length: 94 }, (_, index) => index + 1),
  )
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  )
})

test('a case without a test is a problem', () => {
  assert.deepEqual(faultTable(without(37)).problems, ['fault 37 has no test: nested bomb'])
  assert.match(rowOf(without(37), 37), /NO TEST/)
})

test('a failure of one test fails its case, whatever others say', () => {
  const failing = [...all, { name: 'fault 65: again', outcome: 'failed', reason: '' }]
  assert.equal(faultTable(failing).problems.length, 1)
  assert.match(rowOf(failing, 65), /FAILED/)
})

test('a case that was only skipped is told with its reason and is not passed', () => {
  const skipped = [...without(86), { name: 'fault 86: limits', outcome: 'skipped', reason: 'no prlimit here' }]
  assert.match(rowOf(skipped, 86), /SKIPPED .*no prlimit here/)
  assert.deepEqual(faultTable(skipped).problems, [])
})
