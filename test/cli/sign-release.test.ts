// `ratchet sign --envelope`, `--bundle` and `ratchet verify --public`: a release signed for others, and checked by them.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { secretBytes, secretText } from '../../src/base/secret.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { ed25519SigningKey } from '../../src/release/ed25519.ts'
import { built, MAC_KEY, NOW, ROOT_KEY, type TestBuild } from '../../src/release/fixtures/built.ts'
import { type World, world } from './host.ts'

const SECRET = 'a key for tests that nobody else has, 9'
const KEY = { ...MAC_KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }
const SEED = '0b'.repeat(32)
const clock = { now: () => NOW + 60_000 }
const place = (context: TestContext, environment: Record<string, string> = {}): Promise<World> =>
  world(context, { environment: { MANIFEST_HMAC_KEY: SECRET, ...environment }, clock })

async function releaseIn({ directory, ports }: World, over: TestBuild = {}): Promise<string> {
  const path = join(directory, 'candidate')
  await writeReleaseDirectory(ports.disk, path, built({ keys: [KEY], ...over }).files)
  return path
}
const idsOf = async (release: string): Promise<readonly string[]> => {
  const text = await readFile(join(release, 'envelope.json'), 'utf8')
  return (JSON.parse(text) as { signatures: readonly { readonly keyid: string }[] }).signatures.map(s => s.keyid)
}
const codeIn = ({ value }: { readonly value: Record<string, unknown> }) =>
  (value['error'] as { readonly code: string } | undefined)?.code

test('a second signature is added beside the first, and whoever holds the public key alone can check', async context => {
  const here = await place(context, { MANIFEST_SIGNING_KEY: SEED })
  const release = await releaseIn(here)
  const { value } = await here.json('sign', '--manifest', join(release, 'manifest.json'), '--envelope')
  const ids = value['keyids'] as readonly string[]
  assert.deepEqual([ids.length, ids[0]], [2, 'hmac:manifest:1'])
  assert.deepEqual(await idsOf(release), ids)
  const stranger = await world(context, { clock })
  const hex = Buffer.from(ed25519SigningKey(secretBytes(Buffer.from(SEED, 'hex'))).publicKey).toString('hex')
  assert.equal((await stranger.run('verify', release, '--public', hex)).code, 0)
  assert.equal(codeIn(await stranger.json('verify', release, '--public', 'ab'.repeat(32))), 'SIGNATURE_MISSING')
  assert.equal(codeIn(await stranger.json('verify', release, '--public', join(release, 'card.md'))), 'KEY_FORMAT')
  const both = await stranger.run('verify', release, '--public', hex, '--key', SECRET)
  assert.equal(both.code, 0)
  const other = await stranger.json('verify', release, '--public', hex, '--key', SECRET.replace('9', '8'))
  assert.equal(codeIn(other), 'SIGNATURE_INVALID')
})

test('printing the envelope changes nothing, and what contradicts itself is a usage fault', async context => {
  const here = await place(context, { MANIFEST_SIGNING_KEY: SEED })
  const release = await releaseIn(here)
  const manifest = join(release, 'manifest.json')
  const printed = await here.run('sign', '--manifest', manifest, '--envelope', '--output-only')
  assert.equal((JSON.parse(printed.out) as { signatures: unknown[] }).signatures.length, 2)
  assert.deepEqual(await idsOf(release), ['hmac:manifest:1'])
  for (const line of [
    ['--envelope', '--add-to-manifest'],
    ['--bundle', '--output-only'],
    ['--root-file', 'x'],
    ['--bundle-key', 'x'],
  ]) {
    assert.equal((await here.run('sign', '--manifest', manifest, ...line)).code, 2, line.join(' '))
  }
  const plain = join(release, 'current.json')
  assert.equal(codeIn(await here.json('sign', '--manifest', plain, '--envelope')), 'MANIFEST_SCHEMA')
})

test('the root key is brought in a file, signs alone, and the other signatures stay', async context => {
  const here = await place(context)
  const release = await releaseIn(here, { epoch: 2 })
  const file = join(here.directory, 'root.key')
  await writeFile(file, '09'.repeat(32))
  const offline = await world(context, { clock })
  const manifest = join(release, 'manifest.json')
  const signed = await offline.run('sign', '--manifest', manifest, '--envelope', '--root-file', file)
  assert.equal(signed.code, 0, signed.err)
  assert.deepEqual(await idsOf(release), ['hmac:manifest:1', ROOT_KEY.keyid])
  assert.equal((await here.run('verify', release)).code, 0)
})

test('a signature of a revoked key leaves the envelope when it is signed anew', async context => {
  const here = await world(context, { clock })
  await here.run('keys', 'new')
  const release = await releaseIn(here)
  const manifest = join(release, 'manifest.json')
  await here.run('sign', '--manifest', manifest, '--envelope')
  assert.deepEqual(await idsOf(release), ['hmac:manifest:1', 'hmac:shared:1'])
  await here.run('keys', 'rotate', '--overlap', '0d')
  const revoke = ['keys', 'revoke', 'hmac:shared:1', '--reason', 'the laptop was stolen'] as const
  const { value } = await here.json(...revoke)
  const id = /preview-id (\w+)/.exec((value['error'] as { readonly fix: string }).fix)![1]!
  assert.equal((await here.run(...revoke, '--yes', '--preview-id', id)).code, 0)
  await here.run('sign', '--manifest', manifest, '--envelope')
  assert.deepEqual(await idsOf(release), ['hmac:manifest:1', 'hmac:shared:2'])
})

test('a bundle over the whole directory is written, found valid with its public key, and refused after any change', async context => {
  const here = await place(context)
  const release = await releaseIn(here)
  const manifest = join(release, 'manifest.json')
  assert.equal(codeIn(await here.json('sign', '--manifest', manifest, '--bundle')), 'KEY_MISSING')
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const [secret, open] = [join(here.directory, 'bundle.pem'), join(here.directory, 'bundle.pub')]
  await writeFile(secret, pair.privateKey.export({ format: 'pem', type: 'sec1' }))
  await writeFile(open, pair.publicKey.export({ format: 'pem', type: 'spki' }))
  const written = await here.run('sign', '--manifest', manifest, '--envelope', '--bundle', '--bundle-key', secret)
  assert.equal(written.code, 0, written.err)
  for (const path of [release, join(release, 'model.sig')]) {
    const good = await here.run('verify', path, '--public', open)
    assert.equal(good.code, 0, good.out + good.err)
    assert.match(good.out, /^valid: bundle of candidate\n {2}ok +bundle .*as signed/)
  }
  // The bundle is no extra file of the release.
  assert.equal((await here.run('verify', release)).code, 0)
  await appendFile(join(release, 'card.md'), ' ')
  const bad = await here.run('verify', release, '--public', open)
  assert.equal(bad.code, 1)
  assert.match(bad.out, /^invalid: MEMBER_HASH.*card\.md/)
  await writeFile(join(release, 'stray.bin'), 'x')
  assert.equal(codeIn(await here.json('verify', release, '--public', open)), 'RELEASE_EXTRA_FILE')
})
