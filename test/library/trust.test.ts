// Whom a runtime believes: a bot that holds nothing but its own MAC key, one that holds public keys alone, and keys that were revoked.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretBytes, secretText } from '../../src/base/secret.ts'
import type { RuntimeTrust } from '../../src/entry/serving.ts'
import { botKeyText } from '../../src/release/bot-key.ts'
import { ed25519SigningKey } from '../../src/release/ed25519.ts'
import { botKey, type HmacKey } from '../../src/release/keys.ts'
import { KEY } from '../../src/serving/fixtures/release.ts'
import { release, rowOf, TRUST, world } from './world.ts'

const master = secretBytes(new Uint8Array(32).fill(3))
const [mine, theirs] = [botKey(master, 'bot-1', 1), botKey(master, 'bot-2', 1)]
const signing = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(7)))
const root = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(9)), 'root')
const NEW_KEY: HmacKey = { ...KEY, keyid: 'hmac:test:2', secret: secretText('another key for tests, nobody has it, 2') }

const text = (key: HmacKey): string => new TextDecoder().decode(botKeyText(key).reveal())
const hex = ({ publicKey }: typeof root): string => Buffer.from(publicKey).toString('hex')
const NEW_TRUST = { hmacKey: new TextDecoder().decode(NEW_KEY.secret.reveal()), keyid: NEW_KEY.keyid }

const whole = release({ seed: 1, over: { keys: [KEY, signing, mine] } })

const TAKES: Readonly<Record<string, RuntimeTrust>> = {
  'its own MAC key alone': { botKey: text(mine) },
  'the public key of the publisher alone': { publicKey: hex(signing) },
  'its own MAC key and the public key': [{ botKey: text(mine) }, { publicKey: hex(signing) }],
  'keys of a rotation, of which one has signed': [TRUST, NEW_TRUST],
}
for (const [who, trust] of Object.entries(TAKES)) {
  for (const kind of ['files', 'manifest'] as const) {
    test(`a bot with ${who} fetches, verifies, gates and installs a release (${kind})`, async t => {
      const { place, open } = await world(t, kind)
      await place.publish(whole)
      const runtime = await open({ trust })
      const { inCharge, refused } = await runtime.sync()
      assert.deepEqual([inCharge, refused], [whole.releaseId, []])
      const answer = runtime.decide('meta', rowOf(17, 1))
      assert.equal(answer.ok && answer.releaseId, whole.releaseId)
    })
  }
}

const REFUSES: Readonly<Record<string, RuntimeTrust>> = {
  'the MAC key of another bot': { botKey: text(theirs) },
  'a public key besides, with which nobody signed': [TRUST, { publicKey: 'ab'.repeat(32) }],
}
for (const [who, trust] of Object.entries(REFUSES)) {
  test(`a bot with ${who} installs nothing`, async t => {
    const { place, open } = await world(t, 'files')
    await place.publish(release({ seed: 1, over: { keys: [KEY, mine] } }))
    const runtime = await open({ trust })
    const { inCharge, refused } = await runtime.sync()
    assert.deepEqual([inCharge, refused.map(({ code }) => code)], [null, ['SIGNATURE_MISSING']])
  })
}

test('fault 20: what a revoked key alone signed does not start again; what another key signed too does', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(whole)
  const before = await open({ trust: [TRUST, { publicKey: hex(signing) }] })
  assert.equal((await before.sync()).inCharge, whole.releaseId)
  await before.close()
  await place.goDown()
  const revoked = { ...TRUST, revoked: true }
  const kept = await open({ trust: [revoked, { publicKey: hex(signing) }] })
  assert.equal(kept.inCharge()?.releaseId, whole.releaseId)
  await kept.close()
  const gone = await open({ trust: [revoked, NEW_TRUST] })
  assert.equal(gone.inCharge(), undefined)
})

test('fault 31: the root begins a new epoch, and what came before it is no way back', async t => {
  const { place, open } = await world(t, 'files')
  const old = release({ seed: 1 })
  await place.publish(old)
  const runtime = await open({ trust: [TRUST, { publicKey: hex(root), use: 'root' }] })
  await runtime.sync()
  await place.publish(release({ seed: 2, after: old, over: { epoch: 2 } }))
  assert.deepEqual(
    (await runtime.sync()).refused.map(({ code }) => code),
    ['EPOCH'],
  )
  const begun = release({ seed: 3, version: 3, over: { epoch: 2, keys: [KEY, root] } })
  await place.publish(begun)
  const { inCharge, refused } = await runtime.sync()
  assert.deepEqual([inCharge, refused], [begun.releaseId, []])
  await runtime.rollback('the operator wants the old one')
  assert.equal(runtime.inCharge(), undefined)
})
