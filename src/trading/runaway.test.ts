import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order, OrderRole } from '../market/trade.ts'
import { unintended } from './runaway.ts'

const order = (id: string, decisionId: string, role: OrderRole, quantity = 2): Order =>
  ({ id, decisionId, role, quantity }) as Order

const ordered = (decisionId: string): number | undefined => (decisionId === 'mine' ? 2 : undefined)
const excess = (...working: Order[]): string[] => unintended(working, ordered).map(({ id }) => id)

test('entry, bracket and exit of one decision are what was meant', () => {
  const bracket = [order('s', 'mine', 'stop'), order('t', 'mine', 'target')]
  assert.deepEqual(excess(order('e', 'mine', 'entry'), ...bracket, order('x', 'mine', 'exit')), [])
})

test('parts of an order are fine up to its lots, and what goes beyond is not', () => {
  const parts = [order('x1', 'mine', 'exit', 1), order('x2', 'mine', 'exit', 1)]
  assert.deepEqual(excess(...parts), [])
  assert.deepEqual(excess(...parts, order('x3', 'mine', 'exit', 1)), ['x3'])
  assert.deepEqual(excess(order('e', 'mine', 'entry', 3)), ['e'])
})

test('an order of a decision that ordered nothing is not', () => {
  assert.deepEqual(excess(order('s', 'mine', 'stop'), order('z', 'unknown', 'stop', 1)), ['z'])
})

test('a stop that became a market order is listed twice and is still one', () => {
  assert.deepEqual(excess(order('s', 'mine', 'stop'), order('s', 'mine', 'stop')), [])
})
