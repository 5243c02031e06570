// `ratchet keys` as an operator uses it: made, looked at, handed on, replaced and revoked, and never a secret in what is printed.

import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { signingRing } from '../../src/loop/signing-key.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { built, NOW, type TestBuild } from '../../src/release/fixtures/built.ts'
import { type World, type WorldOptions, world } from './host.ts'

const MASTER = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)
const DAY = 24 * 60 * 60_000

/** A world whose clock the test moves. */
async function place(context: TestContext, options: WorldOptions = {}) {
  const time = { ms: NOW }
  const here = await world(context, { clock: { now: () => time.ms }, ...options })
  /** Runs a dangerous line as a script does: preview first, then by its id. */
  const meant = async (...line: readonly string[]) => {
    const preview = await here.json(...line)
    const { code, fix } = preview.value['error'] as { readonly code: string; readonly fix: string }
    assert.equal(code, 'CONFIRM_NEEDED', JSON.stringify(preview.value))
    return here.json(...line, '--yes', '--preview-id', /preview-id (\w+)/.exec(fix)![1]!)
  }
  return { ...here, time, meant }
}

const codeIn = ({ value }: { readonly value: Record<string, unknown> }) =>
  (value['error'] as { readonly code: string } | undefined)?.code

type Line = { readonly keyid: string; readonly state: string; readonly use: string }
const statesOf = async ({ json }: Pick<World, 'json'>) => {
  const { value } = await json('keys', 'list')
  return Object.fromEntries((value['keys'] as readonly Line[]).map(({ keyid, state }) => [keyid, state]))
}

async function releaseIn(here: World, name: string, over: TestBuild = {}): Promise<string> {
  const ring = await signingRing(here.state, here.ports)
  const directory = join(here.directory, name)
  const files = built({ keys: ring.release, epoch: ring.epoch, nowMs: here.ports.clock.now(), ...over }).files
  await writeReleaseDirectory(here.ports.disk, directory, files)
  return directory
}

test('keys are made for their owner alone, and no command prints a secret', async context => {
  const here = await place(context, { environment: { MANIFEST_MASTER_KEY: MASTER } })
  const said = [
    await here.run('keys', 'new'),
    await here.run('keys', 'new', '--alg', 'ed25519'),
    await here.run('keys', 'derive', '--bot', 'bot-1', '--out', join(here.directory, 'bot-1.key')),
    await here.run('keys', 'rotate', 'hmac:shared:1'),
    await here.run('keys', 'list'),
    await here.run('keys', 'list', '--json'),
    await here.run('keys', 'show', 'hmac:shared:1'),
    await here.run('keys', 'show', 'hmac:shared:1', '--json'),
  ]
  assert.deepEqual(
    said.map(({ code }) => code),
    said.map(() => 0),
  )
  const printed = said.map(({ out, err }) => out + err).join('\n')
  const folder = join(here.state, 'state')
  const secrets = (await readdir(folder)).filter(name => name.endsWith('.key'))
  assert.equal(secrets.length, 3)
  for (const path of [...secrets.map(name => join(folder, name)), join(here.directory, 'bot-1.key')]) {
    const text = await readFile(path, 'utf8')
    assert.equal((await stat(path)).mode & 0o777, 0o600, path)
    assert.doesNotMatch(printed, new RegExp(text.trim().slice(-64)), path)
    assert.doesNotMatch(await readFile(join(folder, 'keys.json'), 'utf8'), new RegExp(text.trim().slice(-64)), path)
  }
  assert.doesNotMatch(printed, new RegExp(MASTER))
  assert.equal((await stat(join(folder, 'keys.json'))).mode & 0o777, 0o600)
})

test('a second key of a kind, a secret over a file, and an unknown key are refused with what to do', async context => {
  const here = await place(context, { environment: { MANIFEST_MASTER_KEY: MASTER } })
  await here.run('keys', 'new')
  const again = await here.run('keys', 'new')
  assert.equal(again.code, 2)
  assert.match(again.err, /KEY_EXISTS.*\n.*keys rotate hmac:shared:1/)
  const taken = join(here.directory, 'taken')
  await writeFile(taken, 'mine')
  assert.equal(codeIn(await here.json('keys', 'derive', '--bot', 'b', '--out', taken)), 'FILE_EXISTS')
  assert.equal(await readFile(taken, 'utf8'), 'mine')
  const unknown = await here.run('keys', 'show', 'hmac:nobody:1')
  assert.equal(unknown.code, 4)
  assert.match(unknown.err, /KEY_UNKNOWN.*hmac:nobody:1/)
  assert.equal(codeIn(await here.json('keys', 'new', '--use', 'root')), 'USAGE')
  assert.equal(codeIn(await here.json('keys', 'derive', '--bot', '../x', '--out', join(here.directory, 'x'))), 'USAGE')
  assert.equal(codeIn(await here.json('keys', 'export-public', 'hmac:shared:1')), 'KEY_NO_PUBLIC')
})

test('fault 31: both keys sign for seven days, then the old one is retired and what it alone signed is refused', async context => {
  const here = await place(context)
  await here.run('keys', 'new')
  const before = await releaseIn(here, 'before')
  await here.run('keys', 'rotate')
  assert.deepEqual(await statesOf(here), { 'hmac:shared:1': 'active', 'hmac:shared:2': 'next' })
  const during = await releaseIn(here, 'during', { version: 6 })
  for (const directory of [before, during]) assert.equal((await here.run('verify', directory)).code, 0)
  here.time.ms = NOW + 7 * DAY
  assert.deepEqual(await statesOf(here), { 'hmac:shared:1': 'retired', 'hmac:shared:2': 'active' })
  // As of a time when they had not expired.
  const at = ['--at', '2026-01-16'] as const
  assert.equal(codeIn(await here.json('verify', before, ...at)), 'KEY_REVOKED')
  const late = await releaseIn(here, 'late', { version: 7 })
  const envelope = await readFile(join(late, 'envelope.json'), 'utf8')
  assert.doesNotMatch(envelope, /hmac:shared:1/)
  assert.equal((await here.run('verify', late)).code, 0)
  assert.equal(codeIn(await here.json('keys', 'rotate', 'hmac:shared:1')), 'KEY_STATE')
})

test('fault 20: a revoked key counts at once, wants confirmation, and stays revoked', async context => {
  const here = await place(context)
  await here.run('keys', 'new')
  const release = await releaseIn(here, 'release')
  await here.run('keys', 'rotate', '--overlap', '0d')
  const revoke = ['keys', 'revoke', 'hmac:shared:1', '--reason', 'the laptop was stolen'] as const
  assert.equal((await here.run(...revoke)).code, 1)
  assert.equal((await here.meant(...revoke)).code, 0)
  const refused = await here.run('verify', release)
  assert.equal(refused.code, 1)
  assert.match(refused.out, /KEY_REVOKED/)
  assert.equal(codeIn(await here.json(...revoke, '--yes', '--preview-id', '0'.repeat(12))), 'PREVIEW_STALE')
  assert.equal(codeIn(await here.meant(...revoke)), 'KEY_STATE')
})

test('fault 20: a revoked key that the environment still gives stops what would sign with it', async context => {
  const environment = { MANIFEST_HMAC_KEY: 'a key for tests that nobody else has, 9' }
  const here = await place(context, { environment })
  const release = await releaseIn(here, 'release')
  assert.equal((await here.meant('keys', 'revoke', 'hmac:manifest:1', '--reason', 'it was mailed')).code, 0)
  assert.equal(codeIn(await here.json('verify', release)), 'KEY_REVOKED')
})

test('fault 31: a new epoch needs a root key, replaces every online key, and its releases belong to it', async context => {
  const here = await place(context, { environment: { MANIFEST_MASTER_KEY: MASTER } })
  await here.run('keys', 'new')
  await here.run('keys', 'new', '--alg', 'ed25519')
  await here.run('keys', 'derive', '--bot', 'bot-1', '--out', join(here.directory, 'bot-1.key'))
  const begin = ['keys', 'rotate', '--new-epoch', '--reason', 'the build machine was broken into'] as const
  assert.equal(codeIn(await here.meant(...begin)), 'KEY_ROOT_MISSING')
  const root = join(here.directory, 'root.key')
  assert.equal((await here.run('keys', 'new', '--use', 'root', '--alg', 'ed25519', '--out', root)).code, 0)
  const before = await statesOf(here)
  const { value } = await here.meant(...begin)
  assert.equal(value['epoch'], 2)
  const after = await statesOf(here)
  const rootId = Object.keys(before).at(-1)!
  assert.equal(after[rootId], 'active')
  for (const keyid of Object.keys(before)) if (keyid !== rootId) assert.equal(after[keyid], 'revoked', keyid)
  assert.equal(Object.values(after).filter(state => state === 'active').length, 4)
  assert.equal(after['hmac:bot-1:2'], 'active')
  const release = await releaseIn(here, 'release', { version: 6 })
  const manifest = JSON.parse(await readFile(join(release, 'manifest.json'), 'utf8')) as { readonly epoch: number }
  assert.equal(manifest.epoch, 2)
})

test('the public part goes to the bot as hex or PEM, and the bot believes it', async context => {
  const publisher = await place(context)
  const { value } = await publisher.json('keys', 'new', '--alg', 'ed25519')
  const keyid = String(value['keyid'])
  const pem = await publisher.run('keys', 'export-public', keyid, '--pem')
  assert.match(pem.out, /^-----BEGIN PUBLIC KEY-----\n.*\n-----END PUBLIC KEY-----\n$/)
  const file = join(publisher.directory, 'publisher.pem')
  await writeFile(file, pem.out)
  const hex = (await publisher.run('keys', 'export-public', keyid)).out.trim()
  for (const given of [file, hex]) {
    const bot = await place(context)
    assert.equal((await bot.run('keys', 'new', '--public', given)).code, 0)
    assert.deepEqual(await statesOf(bot), { [keyid]: 'active' })
    assert.equal(codeIn(await bot.json('keys', 'new', '--public', given)), 'KEY_EXISTS')
    assert.equal(codeIn(await bot.json('keys', 'rotate', keyid)), 'KEY_ELSEWHERE')
  }
  assert.equal(codeIn(await publisher.json('keys', 'new', '--public', 'ab'.repeat(30))), 'FILE_MISSING')
})

test('a bot that holds its own key alone verifies what was signed for it, and another bot does not', async context => {
  const publisher = await place(context, { environment: { MANIFEST_MASTER_KEY: MASTER } })
  await publisher.run('keys', 'new')
  for (const bot of ['bot-1', 'bot-2']) {
    await publisher.run('keys', 'derive', '--bot', bot, '--out', join(publisher.directory, `${bot}.key`))
  }
  const release = await releaseIn(publisher, 'release')
  const own = { MANIFEST_BOT_KEY_FILE: join(publisher.directory, 'bot-1.key') }
  const bot = await place(context, { environment: own })
  const good = await bot.run('verify', release)
  assert.equal(good.code, 0, good.out + good.err)
  assert.match(good.out, /n\/a +current manifest/)
  const text = await readFile(join(publisher.directory, 'bot-1.key'), 'utf8')
  const thief = await place(context, {
    environment: { MANIFEST_BOT_KEY: text.replace(/.\n$/, '0\n').replace('bot-1', 'bot-3') },
  })
  assert.equal(codeIn(await thief.json('verify', release)), 'SIGNATURE_MISSING')
})
