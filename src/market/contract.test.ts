import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelDay, weekday } from './calendars/zone.ts'
import {
  contractInstrument,
  contractOf,
  expiryOf,
  nextContract,
  parseContract,
  requireContract,
  rollDateOf,
} from './contract.ts'

test('contracts expire on the third Friday, as the exchange lists it', () => {
  const listed = {
    ESZ2013: '2013-12-20',
    ESH2020: '2020-03-20',
    ESM2024: '2024-06-21',
    ESU2024: '2024-09-20',
    ESZ2025: '2025-12-19',
    ESH2026: '2026-03-20',
  }
  for (const [code, day] of Object.entries(listed)) assert.equal(expiryOf(parseContract(code)!), day, code)
})

test('the next contract takes over on the Thursday eight days before, at the latest', () => {
  assert.equal(rollDateOf(parseContract('ESZ2025')!), '2025-12-11')
  for (let year = 2000; year < 2030; year++) {
    for (const month of [3, 6, 9, 12]) assert.equal(weekday(labelDay(rollDateOf(contractOf('ES', year, month)))), 4)
  }
})

test('short years mean the first such contract that had not expired yet', () => {
  assert.equal(parseContract('ESZ5', '2025-11-03')?.code, 'ESZ2025')
  assert.equal(parseContract('ESZ5', '2025-12-19')?.code, 'ESZ2025')
  assert.equal(parseContract('ESZ5', '2025-12-20')?.code, 'ESZ2035')
  assert.equal(parseContract('ESH6', '2025-12-20')?.code, 'ESH2026')
  assert.equal(parseContract('MNQU19', '2019-08-01')?.code, 'MNQU2019')
  assert.equal(parseContract('ESZ2013', '2025-01-01')?.code, 'ESZ2013')
})

test('a root is matched whole, and what is no contract is none', () => {
  assert.equal(parseContract('MESZ2025')?.root, 'MES')
  assert.equal(parseContract('ESZ2025')?.root, 'ES')
  for (const code of ['ES', 'ESZ', 'ESX2025', 'CLZ2025', 'ESZ025', 'esz2025', 'ESZ5', '']) {
    assert.equal(parseContract(code), undefined, code)
  }
  assert.throws(() => requireContract('CLZ5', '2025-01-01'), { code: 'INSTRUMENT_UNKNOWN', place: '--contract' })
})

test('a contract trades on the grid and at the costs of its root', () => {
  const { symbol, tickSize, pointValue, kind, calendar } = contractInstrument('MNQH2026')!
  assert.deepEqual([symbol, tickSize, pointValue, kind, calendar], ['MNQH2026', 0.25, 2, 'future', 'cme-index'])
  assert.equal(contractInstrument('AAPL'), undefined)
})

test('contracts follow each other by the quarter', () => {
  const codes = ['ESZ2025']
  for (let i = 0; i < 4; i++) codes.push(nextContract(parseContract(codes.at(-1)!)!).code)
  assert.deepEqual(codes, ['ESZ2025', 'ESH2026', 'ESM2026', 'ESU2026', 'ESZ2026'])
})
