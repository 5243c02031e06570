import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { writeKeyFile } from '../release/key-entry.ts'
import { publishingRing, signingKey, signingRing, startingRing, verifyingRing } from './signing-key.ts'

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
  await assert.rejects(verifyingRing('.ratchet', ports), { code: 'KEY_MISSING', place: '.ratchet/state/keys.json' })
  assert.equal(ports.made(), 0)
  const made = await signingKey('.ratchet', ports)
  assert.deepEqual(idsOf((await verifyingRing('.ratchet', ports)).release), [made.keyid])
})

const SEED = '0b'.repeat(32)
const MASTER = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)
const idsOf = (keys: readonly { readonly keyid: string }[]) => keys.map(({ keyid }) => keyid)

test('a ring holds what the environment and the key file give; a given MAC key stands in the place of the kept one', async () => {
  const ports = portsOf()
  await signingKey('.ratchet', ports)
  const given = { ...ports, environment: { MANIFEST_HMAC_KEY: OWN, MANIFEST_SIGNING_KEY: SEED } }
  const ring = await signingRing('.ratchet', given)
  const [, edward] = idsOf(ring.release)
  assert.deepEqual(idsOf(ring.release), ['hmac:manifest:1', edward])
  assert.match(edward!, /^ed25519:[0-9a-f]{16}$/)
  assert.deepEqual(idsOf(ring.trusted), ['hmac:manifest:1', edward])
  assert.deepEqual(idsOf((await signingRing('.ratchet', ports)).release), ['hmac:development:1'])
})

test('a key that a bot was given is enough to verify, and none is made beside it', async () => {
  const ports = portsOf({ MANIFEST_BOT_KEY: `hmac:bot-1:1=${'ab'.repeat(32)}` })
  assert.deepEqual(idsOf((await startingRing('.ratchet', ports)).trusted), ['hmac:bot-1:1'])
  assert.equal(ports.made(), 0)
  const broken = portsOf({ MANIFEST_BOT_KEY: 'hmac:bot-1:1' })
  await assert.rejects(verifyingRing('.ratchet', broken), { code: 'KEY_FORMAT' })
  await assert.rejects(verifyingRing('.ratchet', portsOf()), { code: 'KEY_MISSING' })
})

test('who publishes needs the master of the bots it signs for; who verifies does not', async () => {
  const ports = portsOf({ MANIFEST_HMAC_KEY: OWN })
  const entry = { keyid: 'hmac:bot-1:1', alg: 'hmac', use: 'release', state: 'active' } as const
  await writeKeyFile(ports.disk, '.ratchet/state/keys.json', {
    keys: [{ ...entry, perBot: true, secretRef: 'master' }],
    epoch: 3,
  })
  assert.deepEqual(idsOf((await verifyingRing('.ratchet', ports)).trusted), ['hmac:manifest:1'])
  for (const ring of [signingRing, publishingRing]) {
    await assert.rejects(ring('.ratchet', ports), { code: 'KEY_MISSING' })
  }
  const whole = { ...ports, environment: { ...ports.environment, MANIFEST_MASTER_KEY: MASTER } }
  const { release, epoch } = await publishingRing('.ratchet', whole)
  assert.deepEqual([idsOf(release), epoch], [['hmac:manifest:1', 'hmac:bot-1:1'], 3])
})

test('a weak key in the file is refused like a weak one that is given', async () => {
  const ports = portsOf()
  await signingKey('.ratchet', ports)
  await ports.disk.remove('.ratchet/state/hmac-development-1.key')
  await put(ports, '.ratchet/state/hmac-development-1.key', 'short')
  await assert.rejects(verifyingRing('.ratchet', ports), { code: 'KEY_TOO_SHORT' })
})
