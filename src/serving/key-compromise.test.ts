// A signing key in wrong hands, from the theft to the new epoch, on a bot with real installs (fault catalogue, case 31), and what is
// kept when a channel tells two stories (cases 22 and 30).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { secretBytes, secretText } from '../base/secret.ts'
import { ed25519SigningKey } from '../release/ed25519.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { HmacKey, SigningKey, TrustedKey } from '../release/keys.ts'
import { verifyPolicy } from '../release/policy.ts'
import { notRevoked } from '../release/revocation.ts'
import { bootSlot } from './boot.ts'
import { conflictsPath } from './conflicts.ts'
import { type BotOptions, bot, installationOn } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { KEY, memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { dropUnwanted } from './reopen.ts'
import { rollBack } from './rollback.ts'

const NEW_KEY: HmacKey = { ...KEY, keyid: 'hmac:test:2', secret: secretText('another key for tests, nobody has it, 2') }
const ROOT = ed25519SigningKey(secretBytes(new Uint8Array(32).fill(9)), 'root')
const REVOKED: TrustedKey = { ...KEY, state: 'revoked' }
const BEFORE: readonly TrustedKey[] = [KEY, ROOT]
const AFTER: readonly TrustedKey[] = [REVOKED, NEW_KEY, ROOT]

const policyOf = (keys: readonly TrustedKey[]) =>
  verifyPolicy({ profile: 'paper', channel: 'demo', symbols: ['SPX'], keys })
const release = (seed: number, version: number, epoch: number, keys: readonly SigningKey[]) =>
  tinyRelease({ seed, version, over: { epoch, keys: [...keys] } })
const one = tinyRelease({ seed: 1 })
const two = tinyRelease({ seed: 2, after: one })

/** A bot that has two releases of the old key, with the keys of `known.keys`. */
async function robbed() {
  const disk = memoryDisk()
  const known = { keys: BEFORE }
  const over: BotOptions = {
    disk,
    stillWanted: async (manifest, envelopeBytes) => {
      const mark = unwrap(await highWaterFile(disk, 'bot/state/hwm.json').read())
      return notRevoked({ manifest, envelopeBytes, keys: known.keys, mark })
    },
  }
  const own = await bot(over)
  const offer = async (files: ReadonlyMap<string, Uint8Array>) => {
    const { installed, refused } = await own.sync(memorySource(files), { policy: policyOf(known.keys) })
    return installed === 1 ? 'installed' : refused.map(({ code }) => code).join()
  }
  assert.deepEqual([await offer(one.files), await offer(two.files)], ['installed', 'installed'])
  known.keys = AFTER
  return { ...own, over, offer, disk, slot: own.installation.slot }
}

test('fault 31: after the revocation nothing of the old key is installed, and a new epoch comes from the root alone', async () => {
  const { offer } = await robbed()
  assert.equal(await offer(release(3, 3, 1, [KEY]).files), 'KEY_REVOKED')
  assert.equal(await offer(release(3, 3, 2, [KEY, ROOT]).files), 'KEY_REVOKED')
  assert.equal(await offer(release(3, 3, 2, [NEW_KEY]).files), 'EPOCH')
  assert.equal(await offer(release(3, 1, 2, [NEW_KEY, ROOT]).files), 'installed')
  assert.equal(await offer(release(4, 9, 1, [NEW_KEY]).files), 'EPOCH')
  const follow = tinyRelease({
    seed: 5,
    after: release(3, 1, 2, [NEW_KEY, ROOT]),
    over: { epoch: 2, keys: [NEW_KEY] },
  })
  assert.equal(await offer(follow.files), 'installed')
})

test('fault 31: what the old key signed is no way back, neither in memory nor in the store nor at a start', async () => {
  const { installation, slot, disk, over, lines } = await robbed()
  assert.equal(slot.previous()?.releaseId, one.releaseId)
  await dropUnwanted(installation)
  assert.equal(slot.previous(), undefined)
  assert.equal(slot.current()?.releaseId, two.releaseId, 'what decides goes on until another is installed')
  assert.ok(lines.some(line => line.includes('decides until another is installed')))
  const chosen = await rollBack({ cause: 'by hand', proven: false, to: one.manifestSha256 }, installation)
  assert.equal(chosen.ok ? '' : chosen.fault.code, 'KEY_REVOKED')
  const booted = unwrap(await bootSlot(installationOn({ ...over, registry: installation.registry })))
  assert.equal(booted.state, 'hold')
  const taken = unwrap(await rollBack({ cause: 'it loses', proven: true }, installation))
  assert.equal(taken.to, null, 'the rule-based baseline decides')
  assert.ok(await disk.stat('bot/state/CURRENT'))
})

test('fault 31: a release of the old epoch is no way back once the new one has begun', async () => {
  const { offer, installation, slot } = await robbed()
  assert.equal(await offer(release(3, 1, 2, [NEW_KEY, ROOT]).files), 'installed')
  assert.equal(slot.previous()?.releaseId, two.releaseId)
  await dropUnwanted(installation)
  assert.equal(slot.previous(), undefined)
  const taken = unwrap(await rollBack({ cause: 'it loses', proven: false }, installation))
  assert.equal(taken.to, null)
})

test('a way back that nobody objects to stays in memory', async () => {
  const own = await bot()
  for (const { files } of [one, two]) await own.sync(memorySource(files))
  await dropUnwanted(own.installation)
  assert.equal(own.installation.slot.previous()?.releaseId, one.releaseId)
})

test('fault 22: of a version that exists twice both envelopes are kept, once, and the set in charge stays', async () => {
  const disk = memoryDisk()
  const own = await bot({ disk })
  await own.sync(memorySource(one.files))
  const other = tinyRelease({ seed: 7, version: 1 })
  for (const _ of [1, 2]) {
    const { refused, inCharge } = await own.sync(memorySource(other.files))
    assert.deepEqual([refused[0]?.code, inCharge], ['EQUIVOCATION', one.releaseId])
  }
  const folder = conflictsPath(own.installation)
  const [kept, ...more] = await disk.list(folder)
  assert.deepEqual(more, [])
  assert.deepEqual(await disk.read(`${folder}/${kept!.name}`, 1e6), other.envelopeBytes)
  assert.deepEqual(await disk.read(`bot/store/envelopes/${one.manifestSha256}.json`, 1e6), one.envelopeBytes)
  assert.ok(own.lines.some(line => line.startsWith('error security.conflict EQUIVOCATION')))
})

test('fault 30: a fork is kept and told of; evidence that cannot be written is told of too', async () => {
  const disk = memoryDisk()
  const own = await bot({ disk })
  await own.sync(memorySource(one.files))
  const fork = tinyRelease({ seed: 7, version: 2 })
  const { refused } = await own.sync(memorySource(fork.files))
  assert.equal(refused[0]?.code, 'FORK')
  assert.equal((await disk.list(conflictsPath(own.installation))).length, 1)
  const broken = { ...own.installation.disk, list: () => Promise.reject(new Error('broken')) }
  await own.sync(memorySource(tinyRelease({ seed: 8, version: 2 }).files), {
    installation: { ...own.installation, disk: broken },
  })
  assert.ok(own.lines.some(line => /security\.conflict FORK.*could not be kept/.test(line)))
})

test('fault 21: an old release that is offered again is ROLLBACK, also after a start and after a kill behind the mark', async () => {
  const disk = memoryDisk()
  const own = await bot({ disk })
  await own.sync(memorySource(one.files))
  const dying = {
    ...own.installation,
    onStep: (step: string) => {
      if (step === 's5') throw new Error('killed')
    },
  }
  // The mark is durable before anything of the release is installed.
  await own.sync(memorySource(two.files), { installation: dying })
  assert.equal(own.installation.slot.current()?.releaseId, one.releaseId)
  const again = await bot({ disk, registry: own.registry, clock: replayClock(NOW + 1) })
  const older = tinyRelease({ seed: 9, version: 1 })
  const { refused, inCharge } = await again.sync(memorySource(older.files))
  assert.deepEqual([refused[0]?.code, inCharge], ['ROLLBACK', one.releaseId])
})
