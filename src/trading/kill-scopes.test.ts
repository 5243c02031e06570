import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopesIn, stopsTrading, TRADING_SCOPES } from './kill-scopes.ts'

test('scopes are named by commas or blanks; none, or a name that is none, stops all that trades', () => {
  assert.deepEqual(scopesIn('publish, models models'), ['models', 'publish'])
  assert.deepEqual(scopesIn(''), TRADING_SCOPES)
  assert.deepEqual(scopesIn('everything'), TRADING_SCOPES)
  assert.deepEqual(scopesIn('models, everything'), [...TRADING_SCOPES, 'models'])
})

test('models and publishing may stop while trading goes on', () => {
  assert.equal(stopsTrading({ reason: '', scopes: ['models', 'publish'] }), false)
  for (const scope of TRADING_SCOPES) assert.equal(stopsTrading({ reason: '', scopes: [scope] }), true)
})
