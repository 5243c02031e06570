// `ratchet sync` by what a bot holds: its own derived MAC key alone, public keys alone, or both where the configuration wants both.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { roleSchema } from '../../src/features/schema.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { publishingRing } from '../../src/loop/signing-key.ts'
import { releaseFiles } from '../../src/loop/views/release-files.ts'
import { DAY_MS } from '../../src/market/bar.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { NOW, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { type World, type WorldOptions, world } from './host.ts'

const MASTER = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)
const daily = { instrument: cashInstrument('SPX', '24x7'), calendar: calendarOf('24x7'), barMs: DAY_MS }
const schema = roleSchema(daily, { hasVolume: true })
const clock = { now: () => NOW + 60_000 }

/** A publisher with a shared MAC key, an Ed25519 key and keys for so many bots, and what it has published. */
async function published(context: TestContext, bots: number) {
  const publisher = await world(context, { clock, environment: { MANIFEST_MASTER_KEY: MASTER } })
  const { directory, state, ports, run, json } = publisher
  const tree = join(directory, 'tree')
  await run('keys', 'new')
  const { value } = await json('keys', 'new', '--alg', 'ed25519')
  const publicKey = (await run('keys', 'export-public', String(value['keyid']))).out.trim()
  const keyFile = (bot: number) => join(directory, `bot-${bot}.key`)
  for (let bot = 1; bot <= bots; bot++) await run('keys', 'derive', '--bot', `bot-${bot}`, '--out', keyFile(bot))
  const { release: keys } = await publishingRing(state, ports)
  const release = tinyRelease({ seed: 1, schema, over: { channel: 'stable', keys } })
  await writeReleaseDirectory(ports.disk, join(directory, 'release'), release.files)
  const done = await run('publish', join(directory, 'release'), '--to', tree)
  assert.equal(done.code, 0, done.err)
  return { publicKey, keyFile, tree, release }
}

type Place = { readonly tree: string; readonly release: BuiltRelease }

/** One pass of a bot, and whether what it installed is shown with a right signature. */
async function synced(bot: World, { tree, release }: Place) {
  const { value } = await bot.json('sync', '--source', tree)
  const refused = (value['refused'] as readonly { readonly code: string }[]).map(({ code }) => code)
  const { manifest, manifestSha256: digest } = release
  const row = { digest, channel: manifest.channel, label: manifest.label }
  const { signature } = await releaseFiles(row, manifest, { ...bot.ports, directory: bot.state })
  return { refused, inCharge: value['inCharge'], shown: signature.valid }
}

const bothWanted: WorldOptions = {
  ports: { settings: settingsSchema.parse({ release: { verify: { required: ['hmac', 'ed25519'] } } }) },
}

test('a bot with nothing but its own derived MAC key installs what is published for it, and shows the signature', async context => {
  const place = await published(context, 2)
  const bot = await world(context, { clock, environment: { MANIFEST_BOT_KEY_FILE: place.keyFile(1) } })
  assert.deepEqual(await synced(bot, place), { refused: [], inCharge: place.release.releaseId, shown: true })
  // A second start, from what is stored.
  assert.deepEqual(await synced(bot, place), { refused: [], inCharge: place.release.releaseId, shown: true })
})

test('a bot that was not derived for, or whose key was changed by one bit, installs nothing', async context => {
  const place = await published(context, 1)
  const text = (await readFile(place.keyFile(1), 'utf8')).trim()
  const flipped = text.slice(0, -1) + (Number.parseInt(text.at(-1)!, 16) ^ 1).toString(16)
  for (const [key, code] of [
    [text.replace('bot-1', 'bot-9'), 'SIGNATURE_INVALID'],
    [flipped, 'SIGNATURE_INVALID'],
    [flipped.replace('bot-1', 'bot-9'), 'SIGNATURE_MISSING'],
  ] as const) {
    const bot = await world(context, { clock, environment: { MANIFEST_BOT_KEY: key } })
    assert.deepEqual(await synced(bot, place), { refused: [code], inCharge: null, shown: false }, code)
  }
})

test('a bot with public keys alone installs what their owner published, and shows the signature', async context => {
  const place = await published(context, 1)
  const bot = await world(context, { clock })
  assert.equal((await bot.run('keys', 'new', '--public', place.publicKey)).code, 0)
  assert.deepEqual(await synced(bot, place), { refused: [], inCharge: place.release.releaseId, shown: true })
  const stranger = await world(context, { clock })
  assert.equal((await stranger.run('keys', 'new', '--public', 'ab'.repeat(32))).code, 0)
  assert.deepEqual(await synced(stranger, place), { refused: ['SIGNATURE_MISSING'], inCharge: null, shown: false })
})

test('what live asks for, MAC and Ed25519, holds where it is configured: with both keys, not with one', async context => {
  const place = await published(context, 1)
  const environment = { MANIFEST_BOT_KEY_FILE: place.keyFile(1) }
  const alone = await world(context, { clock, environment, ...bothWanted })
  assert.deepEqual((await synced(alone, place)).refused, ['SIGNATURE_MISSING'])
  assert.equal((await alone.run('keys', 'new', '--public', place.publicKey)).code, 0)
  assert.deepEqual(await synced(alone, place), { refused: [], inCharge: place.release.releaseId, shown: true })
})
