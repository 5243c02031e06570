import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { bootSlot } from './boot.ts'
import { bot, installationOn } from './fixtures/bot.ts'
import { type MemoryDisk, memoryDisk } from './fixtures/memory-disk.ts'
import { memorySource, tinyRelease } from './fixtures/release.ts'
import { verifyHistory } from './history.ts'
import { eventOf } from './installation.ts'
import { type MemoryRegistry, memoryRegistry } from './memory-registry.ts'
import { rollBack, rollbackIntent } from './rollback.ts'

const made = [tinyRelease({ seed: 1 })]
for (const seed of [2, 3]) made.push(tinyRelease({ seed, after: made.at(-1)! }))
const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]]

const CURRENT = 'bot/state/CURRENT'
const blobOf = (digest: string) => `bot/store/cas/${digest.slice(0, 2)}/${digest}`
const modelOf = (release: typeof a) =>
  blobOf(release.manifest.members.find(({ name }) => name === 'models/meta.onnx')!.sha256)

type Installed = { readonly disk: MemoryDisk; readonly registry: MemoryRegistry }

/** A bot that installed these releases one after the other, and then stopped. */
async function installed(releases: readonly (typeof a)[]): Promise<Installed> {
  const disk = memoryDisk()
  const registry = memoryRegistry()
  const { sync } = await bot({ disk, registry })
  const source = memorySource(a.files)
  for (const release of releases) {
    source.offer(release.files)
    assert.equal((await sync(source)).installed, 1)
  }
  return { disk, registry }
}

/** The next start on the same disk. */
async function start({ disk, registry }: Installed) {
  const installation = installationOn({ disk, registry })
  return { ...unwrap(await bootSlot(installation)), slot: installation.slot, installation }
}

test('a first start finds nothing and says so', async () => {
  const started = await start({ disk: memoryDisk(), registry: memoryRegistry() })
  assert.deepEqual([started.state, started.inCharge, started.notes], ['empty', undefined, []])
})

test('a start loads what CURRENT names, with the set before it as the way back', async () => {
  const started = await start(await installed([a, b]))
  assert.deepEqual([started.state, started.notes], ['active', []])
  assert.equal(started.slot.current()?.digest, b.manifestSha256)
  assert.equal(started.slot.previous()?.digest, a.manifestSha256)
})

test('staging and half-written pointers of the last run are swept', async () => {
  const state = await installed([a])
  await state.disk.makeDirectory('bot/models/.staging')
  const left = await state.disk.create(`${CURRENT}.tmp`)
  await left.write(new Uint8Array(5))
  await start(state)
  assert.equal(await state.disk.stat('bot/models/.staging'), undefined)
  assert.equal(await state.disk.stat(`${CURRENT}.tmp`), undefined)
})

test('fault 87: bit rot in the active set is found and the set before it takes over', async () => {
  const state = await installed([a, b])
  state.disk.file(modelOf(b)).bytes[20]! ^= 1
  const started = await start(state)
  assert.equal(started.state, 'recovered')
  assert.equal(started.slot.current()?.digest, a.manifestSha256)
  assert.ok(started.notes.some(note => note.includes('CAS_CORRUPT')))
  const events = await state.registry.events()
  verifyHistory(events)
  assert.deepEqual([events.at(-1)?.event, events.at(-1)?.to], ['recovered', a.manifestSha256])
  // CURRENT was made to say so: the next start is an ordinary one.
  const next = await start(state)
  assert.deepEqual([next.state, next.slot.current()?.digest], ['active', a.manifestSha256])
})

test('with active and previous rotten the second previous takes over, with all three nobody', async () => {
  const state = await installed([a, b, c])
  state.disk.file(modelOf(c)).bytes[20]! ^= 1
  state.disk.file(modelOf(b)).bytes[20]! ^= 1
  assert.equal((await start(state)).slot.current()?.digest, a.manifestSha256)
  state.disk.file(modelOf(a)).bytes[20]! ^= 1
  const hold = await start(state)
  assert.deepEqual([hold.state, hold.slot.current()], ['hold', undefined])
})

test('with all that was in charge rotten what is pinned takes over, unless it is blocked', async () => {
  const state = await installed([a, b])
  // It was never in charge here: it lies in the store because it is pinned.
  const { installation } = await start(state)
  const other = await installed([c])
  for (const [path, bytes] of other.disk.image()) {
    if (!path.startsWith('bot/store') || bytes === null || (await state.disk.stat(path)) !== undefined) continue
    await state.disk.makeDirectory(path.slice(0, path.lastIndexOf('/')))
    await (await state.disk.create(path)).write(bytes)
  }
  for (const release of [a, b]) state.disk.file(modelOf(release)).bytes[20]! ^= 1
  const pin = { event: 'pinned', from: c.manifestSha256, to: c.manifestSha256, cause: 'the one we know' } as const
  await state.registry.append(eventOf(installation, pin))
  const next = { ...installation, slot: installationOn().slot }
  assert.equal(unwrap(await bootSlot(next)).state, 'recovered')
  assert.equal(next.slot.current()?.digest, c.manifestSha256)
  await state.registry.block({ digest: c.manifestSha256, at: 0, code: 'BLOCKED', reason: 'bad' })
  const hold = { ...installation, slot: installationOn().slot }
  assert.equal(unwrap(await bootSlot(hold)).state, 'hold')
})

test('a blob with a second hard link is not trusted', async () => {
  const state = await installed([a, b])
  state.disk.file(modelOf(b)).links = 2
  assert.equal((await start(state)).slot.current()?.digest, a.manifestSha256)
})

const damages: Readonly<Record<string, (disk: MemoryDisk) => Promise<void>>> = {
  empty: async disk => void (disk.file(CURRENT).bytes = new Uint8Array()),
  garbage: async disk => void (disk.file(CURRENT).bytes = Uint8Array.from({ length: 200 }, (_, i) => i)),
  'one byte changed': async disk => void (disk.file(CURRENT).bytes[40]! ^= 1),
  'without its last byte': async disk => void (disk.file(CURRENT).bytes = disk.file(CURRENT).bytes.slice(0, -1)),
  'hard-linked': async disk => void (disk.file(CURRENT).links = 2),
  'a directory': async disk => {
    await disk.remove(CURRENT)
    await disk.makeDirectory(CURRENT)
  },
  gone: async disk => disk.remove(CURRENT),
  'too large': async disk => void (disk.file(CURRENT).bytes = new Uint8Array(5_000)),
}
for (const [what, damage] of Object.entries(damages)) {
  test(`fault 88: CURRENT ${what}: the history says what was in charge, and CURRENT is written again`, async () => {
    const state = await installed([a, b])
    await damage(state.disk)
    const started = await start(state)
    assert.equal(started.state, 'recovered')
    assert.equal(started.slot.current()?.digest, b.manifestSha256)
    assert.equal((await start(state)).state, 'active')
  })
}

test('fault 88: CURRENT naming a digest that the store does not hold: the set before it takes over', async () => {
  const state = await installed([a, b])
  await state.disk.remove(blobOf(b.manifestSha256))
  const started = await start(state)
  assert.deepEqual([started.state, started.slot.current()?.digest], ['recovered', a.manifestSha256])
})

test('a history that lags behind CURRENT is repaired from it', async () => {
  const { disk, registry } = await installed([a, b])
  const { events, ...saved } = registry.save()
  const lagging = memoryRegistry({ ...saved, events: events.slice(0, 1) })
  const started = await start({ disk, registry: lagging })
  assert.deepEqual([started.state, started.slot.current()?.digest], ['active', b.manifestSha256])
  const last = (await lagging.events()).at(-1)
  assert.deepEqual(
    [last?.event, last?.to, last?.cause],
    ['recovered', b.manifestSha256, 'history repaired from CURRENT'],
  )
})

test('fault 82: a set whose starts fail twice is quarantined and the set before it takes over', async () => {
  const state = await installed([a, b])
  // Two starts that nobody called healthy.
  for (const expected of [b, b, a]) assert.equal((await start(state)).slot.current()?.digest, expected.manifestSha256)
  assert.equal((await state.registry.blockOf(b.manifestSha256))?.code, 'QUARANTINED')
  const states = new Map((await state.registry.releases()).map(row => [row.digest, row.state]))
  assert.equal(states.get(b.manifestSha256), 'quarantined')
  assert.equal(states.get(a.manifestSha256), 'active')
})

test('a start that is called healthy is not counted', async () => {
  const state = await installed([a, b])
  for (let starts = 0; starts < 5; starts++) {
    const started = await start(state)
    assert.equal(started.slot.current()?.digest, b.manifestSha256)
    await started.healthy()
  }
})

test('fault 79: a rollback that was decided but not written is completed at the next start', async () => {
  const state = await installed([a, b])
  const { installation } = await start(state)
  const current = Uint8Array.from(state.disk.file(CURRENT).bytes)
  assert.ok((await rollBack({ cause: 'F7: drawdown', proven: true }, installation)).ok)
  const intent = { cause: 'F7: drawdown', proven: true, from: b.manifestSha256, to: a.manifestSha256, at: 1 }
  await rollbackIntent(installation).write(intent)
  // As if the process had died between the intent and CURRENT.
  state.disk.file(CURRENT).bytes = current
  const started = await start(state)
  assert.equal(started.slot.current()?.digest, a.manifestSha256)
  assert.equal((await state.registry.blockOf(b.manifestSha256))?.reason, 'F7: drawdown')
  // And only once: nothing flips back or forth at the start after that.
  const events = (await state.registry.events()).length
  assert.equal((await start(state)).slot.current()?.digest, a.manifestSha256)
  assert.equal((await state.registry.events()).length, events)
  assert.equal(await state.disk.stat('bot/state/rollback.json'), undefined)
})

test('a start while another process writes is INSTALL_BUSY', async () => {
  const { installation } = await bot()
  const held = unwrap(await installation.lock.acquire('sync'))
  const refusal = await bootSlot(installation)
  assert.equal(refusal.ok ? '' : refusal.fault.code, 'INSTALL_BUSY')
  await held.release()
  assert.ok((await bootSlot(installation)).ok)
})
