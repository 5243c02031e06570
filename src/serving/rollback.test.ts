import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { bootSlot } from './boot.ts'
import { bot, installationOn } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { KEY, memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { verifyHistory } from './history.ts'
import { modelsDigest } from './model-set.ts'
import { rollBack } from './rollback.ts'

const made = [tinyRelease({ seed: 1 })]
for (const seed of [2, 3]) made.push(tinyRelease({ seed, after: made.at(-1)! }))
const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]]

async function running(releases: readonly (typeof a)[]) {
  const disk = memoryDisk()
  const it = await bot({ disk })
  const source = memorySource(a.files)
  for (const release of releases) {
    source.offer(release.files)
    assert.equal((await it.sync(source)).installed, 1)
  }
  return { ...it, disk, source }
}

const proven = { cause: 'F7: drawdown', proven: true } as const
const precaution = { cause: 'F2: Sharpe', proven: false } as const

test('a rollback restores the set before, in the slot, in CURRENT and in the history', async () => {
  const { installation, registry, disk } = await running([a, b])
  const result = await rollBack(proven, installation)
  assert.deepEqual(result, {
    ok: true,
    value: { from: b.manifestSha256, to: a.manifestSha256, durable: true },
  })
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  const events = await registry.events()
  verifyHistory(events)
  const { event, from, to, cause } = events.at(-1)!
  assert.deepEqual([event, from, to, cause], ['rolledBack', b.manifestSha256, a.manifestSha256, 'F7: drawdown'])
  const next = installationOn({ disk, registry })
  await bootSlot(next)
  assert.equal(next.slot.current()?.digest, a.manifestSha256)
})

test('the slot is swapped before anything was written', async () => {
  const { installation } = await running([a, b])
  const pending = rollBack(proven, installation)
  // The way back is in memory: it takes no more than the turns of finding that out.
  await Promise.resolve()
  await Promise.resolve()
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  await pending
})

test('proven harm quarantines digest and models; the next poll does not bring it back', async () => {
  const { installation, registry, sync, source } = await running([a, b])
  await rollBack(proven, installation)
  assert.equal((await registry.blockOf(b.manifestSha256))?.code, 'QUARANTINED')
  assert.equal((await registry.blockOf(modelsDigest(b.manifest)))?.code, 'QUARANTINED')
  const again = await sync(source)
  assert.deepEqual([again.installed, again.inCharge], [0, a.releaseId])
})

test('a precaution keeps the digest from coming back by itself but leaves its models alone', async () => {
  const { installation, registry } = await running([a, b])
  await rollBack(precaution, installation)
  assert.equal((await registry.blockOf(b.manifestSha256))?.code, 'ROLLED_BACK')
  assert.equal(await registry.blockOf(modelsDigest(b.manifest)), undefined)
})

test('rolled back twice it goes to the set before that, and at the end to the baseline', async () => {
  const { installation } = await running([a, b, c])
  const { slot } = installation
  await rollBack(proven, installation)
  assert.equal(slot.current()?.digest, b.manifestSha256)
  await rollBack(proven, installation)
  assert.equal(slot.current()?.digest, a.manifestSha256)
  const last = await rollBack(proven, installation)
  assert.deepEqual([last.ok && last.value.to, slot.current()], [null, undefined])
  const nothing = await rollBack(proven, installation)
  assert.equal(nothing.ok ? '' : nothing.fault.code, 'NOTHING_IN_CHARGE')
})

test('after the baseline was chosen a start finds no set in charge and holds to it', async () => {
  const { installation, registry, disk } = await running([a])
  await rollBack(proven, installation)
  const next = installationOn({ disk, registry })
  const booted = await bootSlot(next)
  assert.equal(booted.ok && booted.value.state, 'empty')
})

test('a chosen target must be known, unblocked and still trusted', async () => {
  const { installation, registry } = await running([a, b, c])
  const trust = { keys: [KEY], required: ['hmac'] as const, nowMs: NOW }
  const codeOf = async (over: Parameters<typeof rollBack>[0]) => {
    const result = await rollBack(over, installation)
    return result.ok ? 'done' : result.fault.code
  }
  assert.equal(await codeOf({ ...precaution, to: 'd'.repeat(64) }), 'CAS_MISSING')
  const revoked = { ...trust, keys: [{ ...KEY, state: 'revoked' as const }] }
  assert.equal(await codeOf({ ...precaution, to: a.manifestSha256, trust: revoked }), 'KEY_REVOKED')
  await registry.block({ digest: b.manifestSha256, at: 0, code: 'QUARANTINED', reason: 'bad' })
  assert.equal(await codeOf({ ...precaution, to: b.manifestSha256, trust }), 'RELEASE_BLOCKED')
  assert.equal(installation.slot.current()?.digest, c.manifestSha256)
  assert.equal(await codeOf({ ...precaution, to: a.manifestSha256, trust }), 'done')
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
})

test('fault 90: neither backups nor database are needed for it', async () => {
  const { installation, registry, disk } = await running([a, b])
  await disk.remove('bot/models/backup')
  const down = () => Promise.reject(new Error('database is down'))
  const result = await rollBack(proven, {
    ...installation,
    registry: { ...registry, append: down, events: down, blockOf: down, block: down },
  })
  assert.deepEqual(result.ok && result.value, { from: b.manifestSha256, to: a.manifestSha256, durable: false })
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  // The intent waits for the start that can complete it.
  const next = installationOn({ disk, registry })
  await bootSlot(next)
  assert.equal(next.slot.current()?.digest, a.manifestSha256)
  assert.equal((await registry.blockOf(b.manifestSha256))?.code, 'QUARANTINED')
})

test('a disk that takes nothing more does not keep the bad set in charge', async () => {
  const { installation, disk } = await running([a, b])
  const full = { ...disk, create: () => Promise.reject(new Fault('DISK_FULL', 'no space left')) }
  const result = await rollBack(proven, { ...installation, disk: full })
  assert.equal(result.ok && result.value.durable, false)
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
})

test('a rollback during an install waits for nothing, and the install finds its champion gone', async () => {
  const { installation, sync, source } = await running([a, b])
  let rolledBack: ReturnType<typeof rollBack> | undefined
  source.offer(c.files)
  const result = await sync(source, {
    awaitWindow: async () => {
      rolledBack = rollBack(proven, installation)
      await rolledBack
    },
  })
  assert.ok((await rolledBack)?.ok)
  assert.deepEqual(
    result.refused.map(({ code }) => code),
    ['CHAMPION_CHANGED'],
  )
  assert.equal(result.inCharge, a.releaseId)
})

test('fault 79: the intent is durable before the set leaves; a disk that is slow is waited for a moment and no longer', async () => {
  for (const slow of [false, true]) {
    const { installation, disk } = await running([a, b])
    const gate = Promise.withResolvers<void>()
    const seen: string[] = []
    const timer = { sleep: (ms: number) => (slow ? Promise.resolve(void seen.push(`${ms} ms`)) : gate.promise) }
    const watched = {
      ...disk,
      create: async (...args: Parameters<typeof disk.create>) => {
        if (slow && args[0].includes('rollback')) await gate.promise
        return disk.create(...args)
      },
      rename: async (from: string, to: string) => {
        await disk.rename(from, to)
        if (to.endsWith('rollback.json')) seen.push('intent')
      },
    }
    const swap: typeof installation.slot.swap = set => {
      seen.push('swap')
      // What the disk kept waiting goes on after the set has left.
      gate.resolve()
      return installation.slot.swap(set)
    }
    const done = await rollBack(proven, { ...installation, disk: watched, timer, slot: { ...installation.slot, swap } })
    assert.equal(done.ok && done.value.durable, true)
    assert.deepEqual(seen.slice(0, 2), slow ? ['20 ms', 'swap'] : ['intent', 'swap'])
    assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  }
})

test('where an install puts another set in charge in that moment, the one that failed is blocked and no way back', async () => {
  const { installation, registry } = await running([a, b])
  const other = { ...installation.slot.previous()!, digest: 'e'.repeat(64) }
  const timer = { sleep: () => Promise.resolve(void installation.slot.swap(other)) }
  const done = await rollBack(precaution, { ...installation, timer })
  assert.deepEqual(done.ok && done.value, { from: b.manifestSha256, to: other.digest, durable: true })
  assert.deepEqual([installation.slot.current(), installation.slot.previous()], [other, undefined])
  assert.equal((await registry.blockOf(b.manifestSha256))?.code, 'ROLLED_BACK')
})

test('fault 172: where the set to go back to cannot be loaded either, it is the one before that, and at the end the baseline', async () => {
  const { installation, disk, lines } = await running([a, b, c])
  const rot = ({ manifest }: typeof a) => {
    const { sha256: digest } = manifest.members.find(({ name }) => name === 'models/meta.onnx')!
    disk.file(`bot/store/cas/${digest.slice(0, 2)}/${digest}`).bytes[20]! ^= 1
  }
  installation.slot.dropPrevious()
  rot(b)
  await rollBack(precaution, installation)
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  assert.ok(lines.some(line => line.includes(`${b.manifestSha256} cannot be gone back to`)))
  const last = await rollBack(precaution, installation)
  assert.deepEqual([last.ok && last.value.to, installation.slot.current()], [null, undefined])
})
