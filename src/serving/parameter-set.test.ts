import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parameterValues, readParameters } from './parameter-set.ts'

const read = (value: unknown) =>
  readParameters(new Map([['parameters.json', new TextEncoder().encode(JSON.stringify(value))]]))
const setOf = (parameters: Record<string, unknown>) => ({
  schema: 'ratchet.parameters/1',
  strategies: { Breakout: parameters },
})
const codeOf = (outcome: ReturnType<typeof read>) => (outcome.ok ? 'ok' : outcome.fault.code)

test('numbers with bounds, words with choices and switches are read, and a release may carry none', () => {
  const set = setOf({
    lookback: { value: 20, low: 5, high: 60 },
    exit: { value: 'trail', choices: ['fixed', 'trail'] },
    filter: { value: false },
  })
  const outcome = read(set)
  assert.ok(outcome.ok)
  assert.deepEqual(parameterValues(outcome.value), { Breakout: { lookback: 20, exit: 'trail', filter: false } })
  assert.deepEqual(readParameters(new Map()), { ok: true, value: undefined })
  assert.deepEqual(parameterValues(undefined), {})
})

test('a value outside of its bounds is named', () => {
  for (const value of [4, 61, 1e9]) {
    assert.equal(codeOf(read(setOf({ lookback: { value, low: 5, high: 60 } }))), 'PARAMETERS_BOUNDS')
  }
  for (const value of [5, 60]) assert.equal(codeOf(read(setOf({ lookback: { value, low: 5, high: 60 } }))), 'ok')
  const outcome = read(setOf({ exit: { value: 'never', choices: ['fixed'] } }))
  assert.match(outcome.ok ? '' : outcome.fault.message, /Breakout\.exit is never, outside its own bounds/)
})

test('what is no set of parameters is refused with its place', () => {
  for (const value of [
    {},
    [],
    { schema: 'ratchet.parameters/2', strategies: {} },
    setOf({ lookback: 20 }),
    setOf({ lookback: { value: 20 } }),
    setOf({ lookback: { value: '20', low: 5, high: 60 } }),
    setOf({ lookback: { value: 20, low: 5, high: 60, more: 1 } }),
    { schema: 'ratchet.parameters/1', strategies: { '../up': {} } },
  ]) {
    assert.equal(codeOf(read(value)), 'PARAMETERS_INVALID', JSON.stringify(value))
  }
  const broken = readParameters(new Map([['parameters.json', new Uint8Array([0x7b, 0xff])]]))
  assert.equal(codeOf(broken), 'PARAMETERS_INVALID')
})
