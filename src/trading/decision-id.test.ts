import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { clientOrderId, ulid } from './decision-id.ts'

test('the first ten letters of a ULID are its time: 1469918176385 is 01ARYZ6S41 (the example of the specification)', () => {
  assert.equal(ulid(1_469_918_176_385, seededRng(1)).slice(0, 10), '01ARYZ6S41')
})

test('ULIDs repeat with clock and seed, and differ otherwise', () => {
  const rng = seededRng(1)
  const first = ulid(5, rng)
  assert.equal(ulid(5, seededRng(1)), first)
  assert.notEqual(ulid(5, rng), first)
  assert.match(first, /^[0-9A-HJKMNP-TV-Z]{26}$/)
})

test('an order id is base 32 of the hash, 25 letters of it', () => {
  const digest = createHash('sha256').update('paper|A|d|entry').digest()
  const bits = [...digest].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const letters = Array.from(
    { length: 25 },
    (_, i) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(bits.slice(5 * i, 5 * i + 5), 2)],
  )
  assert.equal(clientOrderId('paper', 'A', 'd', 'entry'), `rt-${letters.join('')}`)
})

test('account, strategy, decision and leg each make another id', () => {
  const ids = [
    clientOrderId('paper', 'A', 'd', 'entry'),
    clientOrderId('live', 'A', 'd', 'entry'),
    clientOrderId('paper', 'B', 'd', 'entry'),
    clientOrderId('paper', 'A', 'e', 'entry'),
    clientOrderId('paper', 'A', 'd', 'stop'),
  ]
  assert.equal(new Set(ids).size, 5)
})
