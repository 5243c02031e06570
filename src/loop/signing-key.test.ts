import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { signingKey, verifyingKey } from './signing-key.ts'

const OWN = 'c0ffee-c0ffee-c0ffee-c0ffee-c0ffee-c0ffee'
const OTHER = 'another key, made by nobody else than us'

const portsOf = (environment: Record<string, string> = {}) => {
  let made = 0
  const entropy = (count: number) => {
    made++
    return Uint8Array.from({ length: count }, (_, index) => index * 7 + 1)
  }
  return { disk: memoryDisk(), environment, entropy, clock: { now: () => 0 }, made: () => made }
}
const textOf = (key: { secret: { reveal(): Uint8Array } }) => new TextDecoder().decode(key.secret.reveal())

async function put(ports: ReturnType<typeof portsOf>, path: string, text: string) {
  const file = await ports.disk.create(path, 0o600)
  await file.write(new TextEncoder().encode(text))
}

test('without a key in the environment one is made once and found again', async () => {
  const ports = portsOf()
  const first = await signingKey('.ratchet', ports)
  const second = await signingKey('.ratchet', ports)
  assert.equal(first.keyid, 'hmac:development:1')
  assert.equal(textOf(first), textOf(second))
  assert.equal(ports.made(), 1)
})

test('MANIFEST_HMAC_KEY wins over its file and over the state directory', async () => {
  const ports = portsOf({ MANIFEST_HMAC_KEY: OWN, MANIFEST_HMAC_KEY_FILE: 'key.txt' })
  await put(ports, 'key.txt', OTHER)
  assert.equal(textOf(await signingKey('.ratchet', ports)), OWN)
  assert.equal(ports.made(), 0)
})

test('the file that MANIFEST_HMAC_KEY_FILE names is the key without its line end', async () => {
  const ports = portsOf({ MANIFEST_HMAC_KEY_FILE: 'key.txt' })
  await put(ports, 'key.txt', `${OTHER}\r\n`)
  assert.equal(textOf(await signingKey('.ratchet', ports)), OTHER)
})

test('a key file that is not there is named', async () => {
  const ports = portsOf({ MANIFEST_HMAC_KEY_FILE: 'absent.txt' })
  await assert.rejects(signingKey('.ratchet', ports), { code: 'KEY_UNREADABLE', place: 'absent.txt' })
})

test('a key that is set and empty, short or an example refuses to start', async () => {
  for (const [text, code] of [
    ['', 'KEY_TOO_SHORT'],
    ['short', 'KEY_TOO_SHORT'],
    ['change-me-change-me-change-me-change-me', 'KEY_EXAMPLE'],
  ] as const) {
    await assert.rejects(signingKey('.ratchet', portsOf({ MANIFEST_HMAC_KEY: text })), { code })
  }
})

test('to check signatures no key is made', async () => {
  const ports = portsOf()
  await assert.rejects(verifyingKey('.ratchet', ports), { code: 'KEY_MISSING', place: '.ratchet/state/keys.json' })
  assert.equal(ports.made(), 0)
  const made = await signingKey('.ratchet', ports)
  assert.equal(textOf(await verifyingKey('.ratchet', ports)), textOf(made))
})
