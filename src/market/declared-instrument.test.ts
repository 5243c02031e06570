import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from './contract.ts'
import { declaredInstruments, instrumentsOf } from './declared-instrument.ts'
import { costGap, stepValueMicros } from './instrument.ts'

const CRUDE = { root: 'MCL', kind: 'future', calendar: 'cme-index', tick: 0.01, tickValue: 1, pointValue: 100 } as const
const EURO = { root: 'EURUSD', calendar: 'fx', tick: 0.00001, tickValue: 1, lot: 100_000 } as const

const refusal = (...all: readonly object[]): string =>
  declaredInstruments
    .safeParse(all)
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    .join() ?? ''

test('a declared instrument has the grid, the values and the costs that were declared', () => {
  const [crude, euro] = instrumentsOf(
    declaredInstruments.parse([{ ...CRUDE, commissionPerSide: 0.6, minSlippage: { rth: 1, eth: 2 } }, EURO]),
  )
  assert.equal(stepValueMicros(crude!), 1_000_000)
  assert.deepEqual([crude!.kind, crude!.tickSize, crude!.maxPosition, crude!.family], ['future', 0.01, 5, 'MCL'])
  assert.deepEqual([crude!.commissionPerSide, crude!.minSlippage], [0.6, { rth: 1, eth: 2 }])
  // One pip of a standard lot is ten dollars, and a tick is a tenth of a pip.
  assert.equal(stepValueMicros(euro!), 1_000_000)
  assert.equal(euro!.pointValue, 100_000)
})

test('a value of the tick that is not tick x point value is refused by name', () => {
  assert.equal(
    refusal({ ...CRUDE, tickValue: 12.5 }),
    '0.tickValue MCL: tickValue 12.5 is not tick 0.01 x pointValue 100',
  )
  assert.match(refusal({ ...EURO, pointValue: 10, tickValue: 0.0001 }), /a lot of 100000 gains 100000 a point/)
  assert.match(refusal({ ...EURO, lot: 0.001, tickValue: 1e-8 }), /millionths/)
})

test('other currencies, unknown keys, names that are built in and names declared twice are refused', () => {
  assert.match(refusal({ ...CRUDE, currency: 'EUR' }), /0\.currency USD is expected/)
  assert.match(refusal({ ...CRUDE, comission: 1 }), /comission/)
  assert.match(refusal({ ...CRUDE, root: 'MES' }), /0\.root MES is built in/)
  assert.match(refusal(CRUDE, CRUDE), /1\.root MCL is declared twice/)
})

test('a symbol is matched whole, and one that nobody declared is cash', () => {
  const declared = instrumentsOf(declaredInstruments.parse([CRUDE]))
  assert.equal(instrumentOf('MCL', 'nyse', declared).calendar, 'cme-index')
  assert.equal(instrumentOf('CL', 'nyse', declared).kind, 'cash')
  assert.equal(instrumentOf('ESZ2025', 'nyse', declared).pointValue, 50)
})

test('costs that nobody declared are told of', () => {
  const [crude] = instrumentsOf(declaredInstruments.parse([CRUDE]))
  assert.match(costGap(crude!) ?? '', /^no commission and no least slippage of MCL is declared/)
  assert.match(costGap({ ...crude!, commissionPerSide: 1 }) ?? '', /^no least slippage of MCL/)
  assert.equal(costGap(instrumentOf('ES', 'nyse', [])), undefined)
  assert.equal(costGap(instrumentOf('SPX', 'nyse', [])), undefined)
})

test('what a night costs and which dividends fall due are declared too, days as days', () => {
  const carry = { longPercent: 4, shortPercent: 1.5 }
  const dividends = [{ exDate: '2024-05-10', amount: 0.25 }]
  const [share] = instrumentsOf(declaredInstruments.parse([{ ...EURO, carry, dividends }]))
  assert.deepEqual([share!.carry, share!.dividends], [carry, dividends])
  assert.match(refusal({ ...EURO, dividends: [{ exDate: '10.5.2024', amount: 1 }] }), /^0\.dividends\.0\.exDate /)
})
