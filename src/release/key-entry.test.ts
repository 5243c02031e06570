import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretBytes, secretText } from '../base/secret.ts'
import { ed25519SigningKey } from './ed25519.ts'
import { type KeyFileEntry, revoked, rotated, settled } from './key-entry.ts'
import { keyring } from './keyring.ts'
import { botKey, type HmacKey } from './keys.ts'

const DAY = 24 * 60 * 60_000
const NOW = Date.UTC(2026, 0, 15)
const hmac = (generation: number, over: Partial<KeyFileEntry> = {}): KeyFileEntry =>
  ({
    keyid: `hmac:shared:${generation}`,
    alg: 'hmac',
    use: 'release',
    state: 'active',
    secretRef: `file:hmac-shared-${generation}.key`,
    ...over,
  }) as KeyFileEntry
const other = hmac(1, { keyid: 'hmac:other:1' })
const stateOf = (keys: readonly KeyFileEntry[]) => Object.fromEntries(keys.map(({ keyid, state }) => [keyid, state]))

test('a rotated key and its successor are both valid for seven days, then the successor stands alone', () => {
  const keys = rotated([hmac(1), other], hmac(1), hmac(2), { nowMs: NOW })
  assert.deepEqual(stateOf(keys), { 'hmac:shared:1': 'active', 'hmac:other:1': 'active', 'hmac:shared:2': 'next' })
  const lastMs = settled(keys, NOW + 7 * DAY - 1)
  assert.equal(stateOf(lastMs)['hmac:shared:1'], 'active')
  assert.deepEqual(stateOf(settled(keys, NOW + 7 * DAY)), {
    'hmac:shared:1': 'retired',
    'hmac:other:1': 'active',
    'hmac:shared:2': 'active',
  })
})

test('without an overlap the successor stands alone at once', () => {
  const keys = rotated([hmac(1)], hmac(1), hmac(2), { nowMs: NOW, overlapDays: 0 })
  assert.deepEqual(stateOf(keys), { 'hmac:shared:1': 'retired', 'hmac:shared:2': 'active' })
})

test('a key that is revoked during its overlap makes the successor stand at once', () => {
  const keys = rotated([hmac(1)], hmac(1), hmac(2), { nowMs: NOW })
  assert.deepEqual(stateOf(revoked(keys, 'hmac:shared:1', NOW + 1)), {
    'hmac:shared:1': 'revoked',
    'hmac:shared:2': 'active',
  })
})

test('a retired key does not come back when the clock is turned back after it was written', () => {
  const keys = settled(rotated([hmac(1)], hmac(1), hmac(2), { nowMs: NOW }), NOW + 8 * DAY)
  assert.equal(stateOf(settled(keys, NOW))['hmac:shared:1'], 'retired')
})

const keyOf = (entry: KeyFileEntry): HmacKey => ({
  keyid: entry.keyid,
  alg: 'hmac',
  use: entry.use,
  state: entry.state,
  secret: secretText(`a secret that belongs to ${entry.keyid}`),
})

test('releases are signed by the key that everyone has first, then its successor, Ed25519 and the bots', () => {
  const master = secretBytes(new Uint8Array(32).fill(5))
  const root = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(9)), 'root')
  const edward = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(7)))
  const pointer = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(8)), 'pointer')
  const [one, two] = rotated([hmac(1)], hmac(1), hmac(2), { nowMs: NOW }).map(keyOf)
  const gone = { ...keyOf(hmac(9)), state: 'revoked' as const }
  const ring = keyring({
    known: [botKey(master, 'bot-1', 1), pointer, root, edward, two!, one!, gone],
    nowMs: NOW,
  })
  const ids = (keys: readonly { readonly keyid: string }[]) => keys.map(({ keyid }) => keyid)
  assert.deepEqual(ids(ring.release), ['hmac:shared:1', 'hmac:shared:2', edward.keyid, 'hmac:bot-1:1'])
  assert.deepEqual(ids(ring.pointer), ['hmac:shared:1', 'hmac:shared:2', pointer.keyid, edward.keyid, 'hmac:bot-1:1'])
  assert.deepEqual(ids(ring.root), [root.keyid])
  assert.ok(ids(ring.trusted).includes('hmac:shared:9'))
})
