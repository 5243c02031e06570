import assert from 'node:assert/strict'
import { test } from 'node:test'
import { releaseActs } from './release-acts.ts'

const standing = { inCharge: 'other', pinned: false }
const release = { digest: 'own', state: 'retired', blocked: false, blockedByHand: false } as const

test('what decides can be pinned, and unpinned while it is; it is never blocked', () => {
  assert.deepEqual(releaseActs({ ...release, state: 'active' }, { inCharge: 'own', pinned: false }), ['pin'])
  assert.deepEqual(releaseActs({ ...release, state: 'active' }, { inCharge: 'own', pinned: true }), ['unpin'])
})

test('any other can be promoted and blocked', () => {
  assert.deepEqual(releaseActs(release, standing), ['promote', 'block'])
  assert.deepEqual(releaseActs({ ...release, state: 'waiting' }, { inCharge: null, pinned: false }), [
    'promote',
    'block',
  ])
})

test('what a gate or a rollback blocked can be tried again, or blocked for good', () => {
  assert.deepEqual(releaseActs({ ...release, state: 'refused', blocked: true }, standing), [
    'promote',
    'block',
    'unblock',
  ])
})

test('what a person blocked, and what proved harmful, is unblocked before anything else', () => {
  assert.deepEqual(releaseActs({ ...release, blocked: true, blockedByHand: true }, standing), ['unblock'])
  assert.deepEqual(releaseActs({ ...release, state: 'quarantined', blocked: true }, standing), ['block', 'unblock'])
})
