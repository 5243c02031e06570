import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { DAY_MS } from '../market/bar.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { SPX } from '../market/instrument.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { roleSchema } from './schema.ts'

const context = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }
const schema = roleSchema(context, { hasVolume: true })
const names = (role: string) => schema[role]!.map(({ name }) => name)

test('each role has its columns in order', () => {
  assert.deepEqual(names('meta'), [...FEATURE_NAMES])
  assert.deepEqual(names('execution'), [
    'price',
    'atr',
    'rsi',
    'volume',
    'spread',
    'volatility',
    'bid_ask_imbalance',
    'order_book_imbalance',
    'tick_direction',
    'signal_strength',
    'liquidity_risk',
  ])
  assert.deepEqual(names('rl_sizer'), [
    'price',
    'atr',
    'rsi',
    'volume',
    'signal_strength',
    'prior_win_rate',
    'avg_r_multiple',
    'drawdown_risk',
    'session_r',
    'account_drawdown',
  ])
})

test('the hash is the same for the same schema, and another for permuted columns', () => {
  assert.equal(featureSchemaHash(roleSchema(context, { hasVolume: true })), featureSchemaHash(schema))
  const [first, second, ...rest] = schema.meta!
  assert.notEqual(featureSchemaHash({ ...schema, meta: [second!, first!, ...rest] }), featureSchemaHash(schema))
})

test('another bar length and a series without volume have other hashes', () => {
  const hashes = new Set([
    featureSchemaHash(schema),
    featureSchemaHash(roleSchema({ ...context, barMs: 60_000 }, { hasVolume: true })),
    featureSchemaHash(roleSchema(context, { hasVolume: false })),
  ])
  assert.equal(hashes.size, 3)
})

test('without volume the two volume columns may be missing', () => {
  const without = roleSchema(context, { hasVolume: false }).meta!
  assert.deepEqual(
    without
      .filter(({ neutral }, i) => neutral !== schema.meta![i]!.neutral)
      .map(({ name, neutral }) => [name, neutral]),
    [
      ['volume', 0],
      ['liquidity_risk', 0],
    ],
  )
})
