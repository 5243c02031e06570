import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { secretBytes } from '../base/secret.ts'
import { botKeyText } from '../release/bot-key.ts'
import { ed25519SigningKey } from '../release/ed25519.ts'
import { botKey } from '../release/keys.ts'
import { type RuntimeTrust, trustedBy } from './runtime-trust.ts'

const signing = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(7)))
const hmacKey = 'a key for tests that nobody else has'
const bot = botKeyText(botKey(secretBytes(new Uint8Array(32).fill(3)), 'bot-1', 2)).reveal()
const botText = new TextDecoder().decode(bot)
const publicKey = Buffer.from(signing.publicKey).toString('hex')
const pemOf = (pair: { readonly publicKey: KeyObject }): string =>
  pair.publicKey.export({ format: 'pem', type: 'spki' })

test('one key or several are taken, and of each kind that may sign releases a signature is required', () => {
  const shown = (trust: RuntimeTrust) => {
    const { keys, required } = trustedBy(trust)
    return [keys.map(({ keyid, use, state }) => `${keyid} ${use} ${state}`), required]
  }
  assert.deepEqual(shown({ hmacKey }), [['hmac:manifest:1 release active'], ['hmac']])
  assert.deepEqual(shown([{ botKey: botText }]), [['hmac:bot-1:2 release active'], ['hmac']])
  assert.deepEqual(shown({ publicKey }), [[`${signing.keyid} release active`], ['ed25519']])
  assert.deepEqual(
    shown([{ hmacKey, keyid: 'hmac:old:1', revoked: true }, { publicKey, use: 'root' }, { botKey: botText }]),
    [['hmac:old:1 release revoked', `${signing.keyid} root active`, 'hmac:bot-1:2 release active'], ['hmac']],
  )
  const pem = pemOf(generateKeyPairSync('ed25519'))
  assert.equal(trustedBy({ publicKey: pem }).keys[0]!.alg, 'ed25519')
})

test('keys that verify nothing, and keys that are none, are refused by code', () => {
  const refused = (trust: RuntimeTrust, code: string) => assert.throws(() => trustedBy(trust), { code })
  refused([{ publicKey, use: 'root' }], 'OPTIONS_INVALID')
  refused([{ hmacKey, revoked: true }], 'OPTIONS_INVALID')
  refused([{ hmacKey }, { hmacKey: `${hmacKey}, another` }], 'OPTIONS_INVALID')
  refused({ hmacKey: 'short' }, 'KEY_TOO_SHORT')
  refused({ botKey: botText.slice(4) }, 'KEY_FORMAT')
  refused({ publicKey: publicKey.slice(2) }, 'KEY_FORMAT')
  refused({ publicKey: pemOf(generateKeyPairSync('ec', { namedCurve: 'prime256v1' })) }, 'KEY_FORMAT')
})
