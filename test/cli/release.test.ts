import assert from 'node:assert/strict'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { secretText } from '../../src/base/secret.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { built, MAC_KEY, NOW, type TestBuild } from '../../src/release/fixtures/built.ts'
import { type World, world } from './host.ts'

const SECRET = 'a key for tests that nobody else has, 9'
const KEY = { ...MAC_KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }
const ENVIRONMENT = { MANIFEST_HMAC_KEY: SECRET }
const clock = { now: () => NOW + 60_000 }

const MANIFEST = {
  version: '20260115_143000_42',
  timestamp: '2026-01-15T14:30:00Z',
  training_samples: 15_476,
  models: { meta: { url: 'https://cdn.example.com/meta.onnx', checksum: 'ab'.repeat(32) } },
}

async function manifestIn({ directory }: World, value: unknown = MANIFEST): Promise<string> {
  const file = join(directory, 'current.json')
  await writeFile(file, JSON.stringify(value))
  return file
}

async function releaseIn(place: World, over: TestBuild = {}, name = 'candidate'): Promise<string> {
  const directory = join(place.directory, name)
  await writeReleaseDirectory(place.ports.disk, directory, built({ keys: [KEY], ...over }).files)
  return directory
}

const ours = (context: TestContext): Promise<World> => world(context, { environment: ENVIRONMENT, clock })

test('sign prints the hex that any other signer computes, and nothing else on stdout', async context => {
  const place = await ours(context)
  const file = await manifestIn(place)
  const { code, out, err } = await place.run('sign', '--manifest', file)
  assert.equal(code, 0)
  // python3: hmac.new(key, json.dumps(manifest, sort_keys=True, separators=(',', ':')).encode(), 'sha256').hexdigest()
  assert.equal(out, '3108cfb23a0912b8bd96a4d6f89b7126980b59749a0139a72f56d03696e09e19\n')
  assert.match(err, /^signed with hmac:manifest:1\n$/)
  assert.equal((await place.run('sign', '--manifest', file, '--output-only')).err, '')
})

test('a signature that was added verifies, and one changed letter does not', async context => {
  const place = await ours(context)
  const file = await manifestIn(place)
  const hex = (await place.run('sign', '--manifest', file)).out.trim()
  assert.equal((await place.run('verify', file)).code, 1, 'not signed yet')
  assert.equal((await place.run('verify', file, '--verify', hex)).code, 0)
  await place.run('sign', '--manifest', file, '--add-to-manifest')
  const good = await place.run('verify', file)
  assert.equal(good.code, 0)
  assert.match(good.out, /^valid: manifest 20260115_143000_42\n {2}ok +text .*\n {2}ok +signature .*\n {2}ok +content /)
  await writeFile(file, (await readFile(file, 'utf8')).replace('15476', '15477'))
  const bad = await place.run('verify', file)
  assert.equal(bad.code, 1)
  assert.match(bad.out, /^invalid: SIGNATURE_INVALID.*current\.json/)
  assert.match(bad.out, /FAIL +signature/)
  assert.doesNotMatch(bad.out, /content/, 'nothing is said of what was not looked at')
})

test('a manifest that says nonsense is invalid though it is signed; one that cannot be parsed is unreadable', async context => {
  const place = await ours(context)
  const file = await manifestIn(place, { ...MANIFEST, training_samples: 0 })
  await place.run('sign', '--manifest', file, '--add-to-manifest')
  const nonsense = await place.run('verify', file)
  assert.equal(nonsense.code, 1)
  assert.match(nonsense.out, /FAIL +content .*trainingSamples/)
  await writeFile(file, '{"a":1,"a":2}')
  for (const line of [['verify', file] as const, ['sign', '--manifest', file] as const]) {
    const { code, out, err } = await place.run(...line)
    assert.equal(code, 2)
    assert.match(out + err, /MANIFEST_SYNTAX/)
  }
})

test('what is not there is unreadable', async context => {
  const { run, directory } = await ours(context)
  const absent = join(directory, 'absent.json')
  assert.equal((await run('verify', absent)).code, 2)
  assert.equal((await run('sign', '--manifest', absent)).code, 2)
  assert.equal((await run('sign')).code, 2)
  assert.equal((await run('publish', absent)).code, 1)
})

test('a key on the line warns that others can see it; a weak one is refused; two are a contradiction', async context => {
  const place = await world(context, { clock })
  const file = await manifestIn(place)
  const given = await place.run('sign', '--manifest', file, '--key', SECRET)
  assert.equal(given.code, 0)
  assert.match(given.err, /warning: .*--key.*process list/)
  assert.doesNotMatch(given.err + given.out, new RegExp(SECRET))
  assert.match((await place.run('sign', '--manifest', file, '--key', 'short')).err, /KEY_TOO_SHORT/)
  const both = await place.run('sign', '--manifest', file, '--key', SECRET, '--key-file', file)
  assert.equal(both.code, 2)
})

test('without any key signing makes one for this state directory; verifying never does', async context => {
  const place = await world(context, { clock })
  const file = await manifestIn(place)
  const early = await place.run('verify', file)
  assert.equal(early.code, 2)
  assert.match(early.err, /KEY_MISSING/)
  assert.equal((await place.run('sign', '--manifest', file, '--add-to-manifest')).code, 0)
  assert.equal((await place.run('verify', file)).code, 0)
})

test('a sound release is valid, and every check is named', async context => {
  const place = await ours(context)
  const release = await releaseIn(place)
  const { code, out } = await place.run('verify', release)
  assert.equal(code, 0, out)
  assert.match(out, /^valid: release 20260115_143000_5 \(r-[0-9a-f]{16}\)/)
  for (const check of ['signature', 'manifest copy', 'expiry', 'file list', 'size and sha256', 'metadata']) {
    assert.match(out, new RegExp(`ok +${check} `), check)
  }
  const { value } = await place.json('verify', release)
  assert.equal(value['valid'], true)
  assert.ok((value['checks'] as readonly unknown[]).length > 15)
})

test('a release is invalid with one byte more, of another channel, and after its time', async context => {
  const place = await ours(context)
  const release = await releaseIn(place)
  const channel = await place.run('verify', release, '--channel', 'beta')
  assert.equal(channel.code, 1)
  assert.match(channel.out, /AUDIENCE/)
  const late = await place.json('verify', release, '--at', '2027-01-15')
  assert.equal(late.code, 1)
  assert.equal((late.value['error'] as { readonly code: string }).code, 'EXPIRED')
  await appendFile(join(release, 'card.md'), ' ')
  const longer = await place.run('verify', release)
  assert.equal(longer.code, 1)
  assert.match(longer.out, /invalid: MEMBER_SIZE.*card\.md/)
})

test('publishing verifies, writes the tree, and is finished by saying it again', async context => {
  const place = await ours(context)
  const release = await releaseIn(place)
  const tree = join(place.directory, 'tree')
  const dry = await place.json('publish', release, '--to', tree, '--dry-run')
  assert.equal(dry.code, 0)
  await assert.rejects(readFile(join(tree, 'models/pointer.json')), { code: 'ENOENT' })
  const first = await place.run('publish', release, '--to', tree)
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /replaced +models\/pointer\.json/)
  const again = await place.json('publish', release, '--to', tree)
  const steps = again.value['steps'] as readonly { readonly result: string; readonly path: string }[]
  assert.ok(steps.filter(({ path }) => path !== 'models/pointer.json').every(({ result }) => result === 'present'))
  assert.equal((await place.json('publish', release, '--to', tree, '--dry-run')).code, 0)
})

test('a broken release, an older one and another of the same version are not published', async context => {
  const place = await ours(context)
  const tree = ['--to', join(place.directory, 'tree')] as const
  const five = await releaseIn(place)
  assert.equal((await place.run('publish', five, ...tree)).code, 0)
  const four = await releaseIn(place, { version: 4, seed: 4 }, 'four')
  const older = await place.run('publish', four, ...tree)
  assert.equal(older.code, 1)
  assert.match(older.err, /PUBLISH_OLDER: version 4 is older than 5/)
  const other = await releaseIn(place, { seed: 6 }, 'other')
  for (const dryRun of [['--dry-run'], []]) {
    const conflict = await place.run('publish', other, ...tree, ...dryRun)
    assert.equal(conflict.code, 5)
    assert.match(conflict.err, /BLOB_CONFLICT/)
  }
  await rm(join(five, 'card.md'))
  const broken = await place.run('publish', five, ...tree)
  assert.equal(broken.code, 1)
  assert.match(broken.err, /RELEASE_MISSING_FILE.*card\.md/)
})

test('a tree that somebody else signed is not published over', async context => {
  const place = await ours(context)
  const tree = ['--to', join(place.directory, 'tree')] as const
  await place.run('publish', await releaseIn(place), ...tree)
  const secret = 'a key for tests that nobody else has, 8'
  const theirs = await releaseIn(place, { version: 6, keys: [{ ...KEY, secret: secretText(secret) }] }, 'theirs')
  const { code, err } = await place.run('publish', theirs, ...tree, '--key', secret)
  assert.equal(code, 1)
  assert.match(err, /SIGNATURE_INVALID.*pointer\.json/)
})
