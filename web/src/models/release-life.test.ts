import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SlotEventView } from '../../../src/api/schemas/releases.ts'
import { lifeOf } from './release-life.ts'

const event = (at: number, name: SlotEventView['event'], from: string | null, to: string | null): SlotEventView => ({
  seq: at,
  at,
  slot: 'main',
  event: name,
  from,
  fromLabel: null,
  to,
  toLabel: null,
  actor: 'clock',
  cause: '',
  hash: '',
})

test('a life is told in order: made, judged, in charge, kept until another one followed', () => {
  const history = [event(3, 'activated', null, 'a'), event(4, 'healthy', null, 'a'), event(9, 'activated', 'a', 'b')]
  const life = lifeOf({ digest: 'a', issuedAt: 1, gatesAt: 2, tenures: [{ from: 3, to: 9 }] }, history)
  assert.deepEqual(
    life.map(({ at, what }) => [at, what]),
    [
      [1, 'trained'],
      [2, 'gated'],
      [3, 'activated'],
      [4, 'healthy'],
      [9, 'kept'],
    ],
  )
})

test('what was taken back was not kept, and the block that follows is told', () => {
  const history = [event(3, 'activated', 'a', 'b'), event(5, 'rolledBack', 'b', 'a'), event(5, 'blocked', null, 'b')]
  const life = lifeOf({ digest: 'b', issuedAt: 1, gatesAt: null, tenures: [{ from: 3, to: 5 }] }, history)
  assert.deepEqual(new Set(life.map(({ what }) => what)), new Set(['trained', 'activated', 'rolledBack', 'blocked']))
})
