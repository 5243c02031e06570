import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { accepted, Fault, refused } from '../base/fault.ts'
import { bot } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { verifyHistory } from './history.ts'
import { memoryRegistry } from './memory-registry.ts'
import { rollBack } from './rollback.ts'

const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })
const constant = tinyRelease({ seed: 3, after: first, constant: true })

test('one pass takes a release from the source into the slot', async () => {
  const { installation, registry, sync } = await bot()
  const result = await sync(memorySource(first.files))
  assert.deepEqual(result.refused, [])
  assert.deepEqual([result.installed, result.previous, result.inCharge], [1, null, first.releaseId])
  assert.equal(result.gateReport?.verdict, 'pass')
  assert.equal(installation.slot.current()?.digest, first.manifestSha256)
  assert.deepEqual(
    (await registry.releases()).map(({ state }) => state),
    ['active'],
  )
})

test('the next release takes over and the one before stays the way back', async () => {
  const { installation, registry, sync } = await bot()
  const source = memorySource(first.files)
  await sync(source)
  source.offer(second.files)
  const result = await sync(source)
  assert.deepEqual([result.installed, result.previous, result.inCharge], [1, first.releaseId, second.releaseId])
  assert.equal(installation.slot.previous()?.digest, first.manifestSha256)
  assert.deepEqual((await registry.releases()).map(({ state }) => state).sort(), ['active', 'previous'])
  const events = await registry.events()
  verifyHistory(events)
  assert.deepEqual(
    events.map(({ event, from, to }) => [event, from, to]),
    [
      ['activated', null, first.manifestSha256],
      ['activated', first.manifestSha256, second.manifestSha256],
    ],
  )
  const backups = await installation.disk.list(installation.paths.backups)
  assert.deepEqual(
    backups.map(({ name }) => name),
    ['backup_20260115_143000'],
  )
})

test('with the third release the first is history', async () => {
  const { registry, sync } = await bot()
  const source = memorySource(first.files)
  await sync(source)
  for (const { files } of [second, tinyRelease({ seed: 3, after: second })]) {
    source.offer(files)
    assert.equal((await sync(source)).installed, 1)
  }
  assert.deepEqual((await registry.releases()).map(({ state }) => state).sort(), ['active', 'previous', 'retired'])
})

test('what is in charge already is not fetched again, nor is what the source says it has not changed', async () => {
  const { sync } = await bot()
  const source = memorySource(first.files)
  const { cursor } = await sync(source)
  const again = await sync(source)
  assert.deepEqual([again.installed, again.upToDate, again.refused], [0, true, []])
  const unchanged = await sync(source, { cursor })
  assert.deepEqual([unchanged.upToDate, unchanged.inCharge], [true, first.releaseId])
})

test('a refusal by a gate keeps the model in charge, names gate and reason, and is remembered', async () => {
  const { installation, registry, sync, lines } = await bot()
  const source = memorySource(first.files)
  await sync(source)
  source.offer(constant.files)
  const result = await sync(source)
  assert.deepEqual([result.installed, result.inCharge, result.upToDate], [0, first.releaseId, false])
  assert.deepEqual(
    result.refused.map(({ code, file, digest }) => [code, file, digest]),
    [['GATE_REFUSED', 'G6', constant.manifestSha256]],
  )
  assert.match(result.refused[0]!.detail, /G6: execution answers 200 rows with one value/)
  assert.equal(installation.slot.current()?.digest, first.manifestSha256)
  assert.equal((await registry.gateReports(constant.manifestSha256)).length, 1)
  assert.ok(lines.some(line => line.includes('keeping current model')))
  const again = await sync(source)
  assert.deepEqual([again.upToDate, again.refused], [true, []])
  assert.equal((await registry.gateReports(constant.manifestSha256)).length, 1)
})

test('the models of a quarantined release are refused under another version too', async () => {
  const clock = replayClock(NOW)
  const { registry, sync, installation } = await bot({ clock })
  await sync(memorySource(first.files))
  await rollBack({ cause: 'NaN', proven: true }, installation)
  clock.advanceTo(NOW + 3_600_000)
  const disguised = tinyRelease({ seed: 1, after: first })
  const result = await sync(memorySource(disguised.files))
  assert.deepEqual(
    result.refused.map(({ code }) => code),
    ['RELEASE_BLOCKED'],
  )
  assert.equal((await registry.blocks()).length, 2)
})

/** Everything on disk but the lock's own files. */
const contentOf = (disk: ReturnType<typeof memoryDisk>) =>
  [...disk.image()]
    .filter(([path]) => !path.includes('/lock'))
    .map(([path, bytes]) => [path, bytes && Buffer.from(bytes).toString('hex')])

test('a refused forgery leaves every byte on disk and every row as it was', async () => {
  const disk = memoryDisk()
  const { registry, sync, installation } = await bot({ disk })
  const source = memorySource(first.files)
  await sync(source)
  const before = [contentOf(disk), registry.save(), installation.slot.stats().swaps]
  const forged = new Map(second.files)
  const model = Uint8Array.from(forged.get('models/meta.onnx')!)
  model[model.length - 1]! ^= 1
  source.offer(forged.set('models/meta.onnx', model))
  const result = await sync(source)
  assert.deepEqual(
    result.refused.map(({ code, file }) => [code, file]),
    [['MEMBER_HASH', 'models/meta.onnx']],
  )
  assert.deepEqual([contentOf(disk), registry.save(), installation.slot.stats().swaps], before)
})

test('a refusal by a gate changes nothing on disk but the mark that says it was seen', async () => {
  const disk = memoryDisk()
  const { sync } = await bot({ disk })
  const source = memorySource(first.files)
  await sync(source)
  const withoutMark = () => contentOf(disk).filter(([path]) => path !== 'bot/state/hwm.json')
  const before = withoutMark()
  source.offer(constant.files)
  await sync(source)
  assert.deepEqual(withoutMark(), before)
})

test('an older release is ROLLBACK even after its mark was lost: the registry still knows', async () => {
  const disk = memoryDisk()
  const { sync, lines } = await bot({ disk })
  const source = memorySource(first.files)
  await sync(source)
  source.offer(second.files)
  await sync(source)
  source.offer(first.files)
  assert.deepEqual(
    (await sync(source)).refused.map(({ code }) => code),
    ['ROLLBACK'],
  )
  const truncate = async () => {
    disk.file('bot/state/hwm.json').bytes = new Uint8Array(3)
  }
  for (const damage of [truncate, () => disk.remove('bot/state/hwm.json')]) {
    await damage()
    assert.deepEqual(
      (await sync(source)).refused.map(({ code }) => code),
      ['ROLLBACK'],
    )
  }
  assert.ok(lines.some(line => line.includes('high-water mark is missing')))
})

test('fault 34: with mark and registry lost the active manifest still tells how far this bot had come', async () => {
  const disk = memoryDisk()
  const one = await bot({ disk })
  await one.sync(memorySource(first.files))
  await one.sync(memorySource(second.files))
  await disk.remove('bot/state/hwm.json')
  const two = await bot({ disk, registry: memoryRegistry() })
  const { refused, inCharge } = await two.sync(memorySource(first.files))
  assert.deepEqual([refused.map(({ code }) => code), inCharge], [['ROLLBACK'], second.releaseId])
})

test('fault 34: with mark, registry and manifests lost beside a full store nothing is installed', async () => {
  const disk = memoryDisk()
  const one = await bot({ disk })
  await one.sync(memorySource(first.files))
  await disk.remove('bot/state/hwm.json')
  const two = await bot({ disk, registry: memoryRegistry() })
  await disk.remove('bot/store/envelopes')
  const result = await two.sync(memorySource(second.files))
  assert.deepEqual(
    result.refused.map(({ code }) => code),
    ['HWM_LOST'],
  )
  assert.equal(result.inCharge, first.releaseId)
})

test('two passes at once: one installs, the other is INSTALL_BUSY', async () => {
  const { sync } = await bot()
  const [a, b] = await Promise.all([sync(memorySource(first.files)), sync(memorySource(first.files))])
  assert.deepEqual([a.installed, b.installed], [1, 0])
  assert.deepEqual(
    b.refused.map(({ code }) => code),
    ['INSTALL_BUSY'],
  )
})

test('a source that fails is a refusal in the result and the pass is made again from where it began', async () => {
  const { sync } = await bot()
  const source = {
    ...memorySource(first.files),
    discover: () => Promise.reject(new Fault('SOURCE_UNREACHABLE', 'no route')),
  }
  const result = await sync(source, { cursor: '7' })
  assert.deepEqual([result.refused[0]?.code, result.cursor], ['SOURCE_UNREACHABLE', '7'])
})

test('a registry that fails at any step keeps the model in charge, in memory and on disk', async () => {
  for (const verb of ['saveRelease', 'append', 'blockOf', 'releases', 'events'] as const) {
    const disk = memoryDisk()
    const registry = memoryRegistry()
    const { sync, installation } = await bot({ disk, registry })
    const source = memorySource(first.files)
    await sync(source)
    const current = disk.file('bot/state/CURRENT').bytes
    const sound = registry[verb]
    Object.assign(registry, { [verb]: () => Promise.reject(new Error('database is down')) })
    source.offer(second.files)
    const result = await sync(source)
    Object.assign(registry, { [verb]: sound })
    // Only collection reads the events and releases: the install stands without it.
    const collecting = verb === 'releases' || verb === 'events'
    const inCharge = collecting ? second : first
    assert.equal(result.inCharge, inCharge.releaseId, verb)
    assert.equal(installation.slot.current()?.digest, inCharge.manifestSha256)
    const named = JSON.parse(Buffer.from(disk.file('bot/state/CURRENT').bytes).toString()) as { digest: string }
    assert.equal(named.digest, inCharge.manifestSha256, verb)
    if (verb === 'saveRelease') assert.deepEqual(disk.file('bot/state/CURRENT').bytes, current)
    if (!collecting) assert.equal(result.refused[0]?.code, 'INSTALL_FAILED')
    assert.equal(await disk.stat('bot/models/.staging'), undefined)
  }
})

test('only the last three releases, the active one, its way back and what is backed up stay in the store', async () => {
  const { sync, installation } = await bot({ backupsKept: 3 })
  let last = first
  const source = memorySource(first.files)
  await sync(source)
  const made = [first]
  for (let seed = 2; seed <= 6; seed++) {
    last = tinyRelease({ seed, after: last })
    made.push(last)
    source.offer(last.files)
    assert.equal((await sync(source)).installed, 1)
  }
  const { store, disk, paths } = installation
  const kept = await Promise.all(made.map(release => store.has(release.manifestSha256)))
  assert.deepEqual(kept, [false, false, true, true, true, true])
  assert.equal((await disk.list(paths.envelopes)).length, 4)
  assert.equal((await disk.list(paths.backups)).length, 3)
  const models = made.map(release => release.manifest.members.find(({ name }) => name === 'models/meta.onnx')!.sha256)
  assert.deepEqual(await Promise.all(models.map(digest => store.has(digest))), kept)
})

test('a release that does not fit is told of before any of its members is read', async () => {
  const asked: number[] = []
  const { sync } = await bot({
    reserve: async bytes => {
      asked.push(bytes)
      return bytes === 0 ? accepted(undefined) : refused('DISK_FULL', 'no room for this one')
    },
  })
  const source = memorySource(first.files)
  const paths: string[] = []
  const result = await sync(source, {
    source: {
      ...source,
      open: (ref, range, signal) => {
        paths.push(ref.path)
        return source.open(ref, range, signal)
      },
    },
  })
  assert.deepEqual([result.installed, result.refused[0]?.code], [0, 'DISK_FULL'])
  const total = first.manifest.members.reduce((sum, { size }) => sum + size, 0)
  assert.deepEqual(asked, [0, total])
  assert.ok(
    paths.every(path => !path.startsWith('models/')),
    paths.join(' '),
  )
})

test('a disk without room is told before anything is staged', async () => {
  const { sync } = await bot({ reserve: async () => refused('DISK_FULL', '10 MB free, 1 GiB is kept') })
  const source = memorySource(first.files)
  const result = await sync(source, {
    source: {
      ...source,
      open: (ref, range, signal) => {
        assert.equal(ref.path, 'envelope.json')
        return source.open(ref, range, signal)
      },
    },
  })
  assert.deepEqual([result.installed, result.refused[0]?.code], [0, 'DISK_FULL'])
})

test('a pass that is aborted throws, and the lock is free for the next', async () => {
  const { sync, installation } = await bot()
  const stop = new AbortController()
  const source = memorySource(first.files)
  const aborting = {
    ...source,
    async *open() {
      stop.abort(new Error('stopping'))
      yield new Uint8Array(1)
      throw new Error('cut off')
    },
  }
  await assert.rejects(sync(aborting, { signal: stop.signal }), /stopping/)
  assert.equal(await installation.disk.stat('bot/models/.staging'), undefined)
  assert.equal((await sync(source)).installed, 1)
})

test('a pass tells in the log what it fetches, where it lies and what takes charge, in the familiar words', async () => {
  const { sync, lines, installation } = await bot()
  const { paths } = installation
  assert.equal((await sync(memorySource(first.files))).installed, 1)
  const { label, releaseId } = first.manifest
  assert.deepEqual(
    lines.filter(line => line.includes('[CLOUD-SYNC]')),
    [
      'info sync.started [CLOUD-SYNC] Starting model synchronization...',
      `info sync.downloading [CLOUD-SYNC] Downloading new model: ${label} from run ${releaseId}`,
      `info sync.extracted [CLOUD-SYNC] Model extracted: ${paths.staging}`,
      `info sync.swapping [CLOUD-SYNC] Triggering model hot-swap for: ${paths.staging}`,
      'info model.swapped [CLOUD-SYNC] Model hot-swap completed successfully',
    ],
  )
})

test('a file that cannot be fetched is named in the log', async () => {
  const { sync, lines } = await bot()
  const source = memorySource(first.files)
  await sync(source, {
    source: {
      ...source,
      open(ref, range, signal) {
        if (ref.path === 'models/meta.onnx') throw new Fault('SOURCE_UNREACHABLE', 'nobody answers')
        return source.open(ref, range, signal)
      },
    },
  })
  const failed = 'warn sync.download.failed [CLOUD-SYNC] Failed to download artifact models/meta.onnx'
  assert.deepEqual(
    lines.filter(line => line.includes('Failed to download')),
    [failed],
  )
})
