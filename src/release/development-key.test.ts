import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MemoryDisk, memoryDisk } from '../../test/memory-disk.ts'
import { type Outcome, unwrap } from '../base/fault.ts'
import { secretBytes, secretText } from '../base/secret.ts'
import { type DevelopmentKeyOptions, developmentKey } from './development-key.ts'
import { ed25519Seed, ed25519SigningKey } from './ed25519.ts'
import { type KeyFileEntry, writeKeyFile } from './key-entry.ts'
import { canSign, readKeyFile } from './key-file.ts'

const PATH = 'state/keys.json'
const SECRET = 'state/hmac-development-1.key'
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const ask = (disk: MemoryDisk, over: Partial<DevelopmentKeyOptions> = {}) =>
  developmentKey({
    disk,
    path: PATH,
    environment: () => undefined,
    entropy: count => new Uint8Array(count).fill(0xa5),
    nowMs: 0,
    ...over,
  })

test('a key is made once, kept by its owner alone, and found again after a power cut', async () => {
  const disk = memoryDisk()
  const made = unwrap(await ask(disk))
  assert.equal(made.origin, 'made')
  assert.equal(made.key.keyid, 'hmac:development:1')
  for (const path of [PATH, SECRET]) assert.equal((await disk.stat(path))?.mode, 0o600)
  const found = unwrap(await ask(disk.powerCut(), { entropy: () => assert.fail('a second key') }))
  assert.equal(found.origin, 'file')
  assert.deepEqual(found.key.secret.reveal(), made.key.secret.reveal())
})

test('the key file does not hold the secret, and nothing prints it', async () => {
  const disk = memoryDisk()
  const { key } = unwrap(await ask(disk))
  assert.doesNotMatch(new TextDecoder().decode(await disk.read(PATH, 4096)), /a5a5/)
  assert.doesNotMatch(JSON.stringify(key), /a5a5/)
})

test('a key that is handed in wins and nothing is written', async () => {
  const disk = memoryDisk()
  const given = secretText('4f1c9d27b8e3a650'.repeat(4))
  const { key, origin } = unwrap(await ask(disk, { given }))
  assert.deepEqual([origin, key.secret], ['given', given])
  assert.equal(await disk.stat(PATH), undefined)
})

const weak: readonly (readonly [string, string])[] = [
  ['', 'KEY_TOO_SHORT'],
  ['0123456789abcdef0123456789abcde', 'KEY_TOO_SHORT'],
  ['change-me-change-me-change-me-change-me', 'KEY_EXAMPLE'],
  ['a'.repeat(64), 'KEY_EXAMPLE'],
  ['00112233445566778899aabbccddeeff'.repeat(2), 'KEY_EXAMPLE'],
]
for (const [text, code] of weak) {
  test(`the key "${text.slice(0, 20)}" does not start: ${code}`, async () => {
    assert.equal(codeOf(await ask(memoryDisk(), { given: secretText(text) })), code)
  })
}

for (const path of [PATH, SECRET]) {
  for (const mode of [0o644, 0o640, 0o660, 0o400, 0o700]) {
    test(`${path} with mode 0${mode.toString(8)} is KEY_FILE_MODE`, async () => {
      const disk = memoryDisk()
      unwrap(await ask(disk))
      await disk.setMode(path, mode)
      assert.equal(codeOf(await ask(disk)), 'KEY_FILE_MODE')
    })
  }
}

const seed = secretBytes(new Uint8Array(32).fill(3))
const edward = ed25519SigningKey(seed)
const publicKey = Buffer.from(edward.publicKey).toString('hex')
const entry: KeyFileEntry = { keyid: edward.keyid, alg: 'ed25519', use: 'release', state: 'active', publicKey }
const environment = (name: string) => (name === 'SIGNING' ? '03'.repeat(32) : undefined)
const readBack = async (keys: readonly KeyFileEntry[]) => {
  const disk = memoryDisk()
  await writeKeyFile(disk, PATH, { keys: [...keys] })
  return readKeyFile({ disk, path: PATH, environment })
}

test('a public key is trusted, with its secret it signs', async () => {
  const [verifying] = unwrap(await readBack([{ ...entry, notAfter: '2026-02-01T00:00:00Z' }]))!
  assert.equal(canSign(verifying!), false)
  assert.equal(verifying!.notAfter, Date.UTC(2026, 1, 1))
  const [signing] = unwrap(await readBack([{ ...entry, secretRef: 'env:SIGNING' }]))!
  assert.ok(canSign(signing!))
  assert.deepEqual(signing.secret.reveal(), seed.reveal())
})

const bad: readonly (readonly [string, KeyFileEntry, string])[] = [
  ['an id of another key', { ...entry, keyid: 'ed25519:0000000000000000' }, 'KEY_ID'],
  ['a secret that is not there', { ...entry, secretRef: 'env:NOWHERE' }, 'KEY_MISSING'],
  ['a secret file that is not there', { ...entry, secretRef: 'file:none.key' }, 'KEY_MISSING'],
  ['a path out of the directory', { ...entry, secretRef: 'file:../other' }, 'KEY_FILE_SCHEMA'],
]
for (const [name, record, code] of bad) {
  test(`a key file with ${name}: ${code}`, async () => {
    assert.equal(codeOf(await readBack([record])), code)
  })
}

test('a signing key is 64 hex digits or a PEM; anything else is refused without being told', () => {
  // openssl genpkey -algorithm ed25519 writes this beginning; the seed is RFC 8032, test 1.
  const rfc = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
  const der = Buffer.from(`302e020100300506032b657004220420${rfc}`, 'hex').toString('base64')
  const pem = secretText(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`)
  assert.deepEqual(unwrap(ed25519Seed(pem)).reveal(), unwrap(ed25519Seed(secretText(rfc))).reveal())
  const wrong = ed25519Seed(secretText('topsecret'))
  assert.ok(!wrong.ok && wrong.fault.code === 'KEY_FORMAT' && !/topsecret/.test(wrong.fault.message))
})

// RFC 8032, section 7.1, test 1.
test('the public key of a seed is that of the RFC', () => {
  const rfc = ed25519SigningKey(
    secretBytes(Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')),
  )
  assert.equal(
    Buffer.from(rfc.publicKey).toString('hex'),
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  )
})
