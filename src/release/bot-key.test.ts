import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { type Outcome, unwrap } from '../base/fault.ts'
import { secretBytes, secretText } from '../base/secret.ts'
import { botKeyText, masterKey, readBotKey } from './bot-key.ts'
import { type KeyFileEntry, writeKeyFile } from './key-entry.ts'
import { readKeyFile } from './key-file.ts'
import { botKey, hmacKeyParts } from './keys.ts'

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const MASTER = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)
const key = botKey(secretBytes(Buffer.from(MASTER, 'hex')), 'bot-1', 2)

test('the key of a bot is read back as it was written', () => {
  assert.deepEqual(unwrap(readBotKey(botKeyText(key))), key)
})

for (const text of [
  '',
  'hmac:bot-1:2',
  `hmac:bot-1:2=${'a'.repeat(63)}`,
  `bot-1=${'a'.repeat(64)}`,
  `hmac:../x:1=${'a'.repeat(64)}`,
]) {
  test(`"${text.slice(0, 24)}" is no key of a bot: KEY_FORMAT`, () => {
    assert.equal(codeOf(readBotKey(secretText(text))), 'KEY_FORMAT')
  })
}

test('a master key is 64 hex digits that nobody can guess', () => {
  assert.deepEqual(unwrap(masterKey(secretText(`${MASTER}\n`))).reveal(), new Uint8Array(Buffer.from(MASTER, 'hex')))
  for (const text of ['', 'a'.repeat(64), MASTER.slice(1)]) {
    assert.equal(codeOf(masterKey(secretText(text))), 'KEY_FORMAT')
  }
})

test('an id becomes a file name only when its parts are plain', () => {
  assert.deepEqual(hmacKeyParts('hmac:bot-1:12'), { name: 'bot-1', generation: 12 })
  for (const id of ['hmac:.x:1', 'hmac:a/b:1', 'hmac:a:0', 'hmac:a:1:2', 'ed25519:0011', `hmac:${'a'.repeat(65)}:1`]) {
    assert.equal(hmacKeyParts(id), undefined, id)
  }
})

const entry: KeyFileEntry = {
  keyid: 'hmac:bot-1:2',
  alg: 'hmac',
  use: 'release',
  state: 'active',
  perBot: true,
  secretRef: 'master',
}

async function readBack(keys: KeyFileEntry[], master?: string) {
  const disk = memoryDisk()
  await writeKeyFile(disk, 'state/keys.json', { keys })
  const file = await disk.create('state/bot.key', 0o600)
  await file.write(botKeyText(key).reveal())
  const given = master === undefined ? undefined : secretText(master)
  return readKeyFile({ disk, path: 'state/keys.json', environment: () => undefined, master: given })
}

test('the publisher derives the key of a bot from the master, and says when the master is not there', async () => {
  assert.deepEqual(unwrap(await readBack([entry], MASTER))?.[0], { ...key, notBefore: undefined, notAfter: undefined })
  assert.equal(codeOf(await readBack([entry])), 'KEY_MISSING')
  assert.equal(codeOf(await readBack([entry], 'short')), 'KEY_FORMAT')
})

test('a bot may keep its key in a file; under the id of another it is KEY_ID', async () => {
  const own = { ...entry, secretRef: 'file:bot.key' }
  assert.deepEqual(unwrap(await readBack([own]))?.[0]?.keyid, 'hmac:bot-1:2')
  assert.equal(codeOf(await readBack([{ ...own, keyid: 'hmac:bot-2:2' }])), 'KEY_ID')
})

test('a shared key never comes from the master, and no id is there twice', async () => {
  const { perBot: _, ...shared } = entry
  assert.equal(codeOf(await readBack([shared], MASTER)), 'KEY_FILE_SCHEMA')
  assert.equal(codeOf(await readBack([entry, entry], MASTER)), 'KEY_FILE_SCHEMA')
})

test('a revoked key is known by its id though its secret is gone', async () => {
  const gone: KeyFileEntry = { ...entry, perBot: undefined, secretRef: 'file:gone.key', state: 'revoked' }
  const [read] = unwrap(await readBack([gone]))!
  assert.deepEqual([read?.keyid, read?.state], ['hmac:bot-1:2', 'revoked'])
})
