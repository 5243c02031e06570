import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bot, installationOn } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { isScrubDue, scrub } from './scrub.ts'

const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })
const DAY = 86_400_000

async function running() {
  const disk = memoryDisk()
  const it = await bot({ disk })
  const source = memorySource(first.files)
  for (const { files } of [first, second]) {
    source.offer(files)
    assert.equal((await it.sync(source)).installed, 1)
  }
  return { ...it, disk }
}

const blobOf = (digest: string) => `bot/store/cas/${digest.slice(0, 2)}/${digest}`
const member = (release: typeof first, name: string) =>
  release.manifest.members.find(({ name: own }) => own === name)!.sha256

test('a sound store is read whole and nothing is said of damage', async () => {
  const { installation, lines } = await running()
  const { blobs, backups, releases, damages } = await scrub(installation)
  assert.deepEqual([backups, releases, damages], [1, 2, []])
  assert.equal(blobs, (await installation.store.list()).length)
  assert.ok(lines.some(line => /nothing is damaged/.test(line)))
})

test('fault 89: files edited or deleted under a running bot leave its decisions alone, and the scrub finds each', async () => {
  const { installation, disk, lines } = await running()
  const edited = member(second, 'models/meta.onnx')
  const deleted = member(first, 'models/execution.onnx')
  const row = new Float32Array([0.5, -0.5])
  const answer = () => [...installation.slot.current()!.roles.get('meta')!.run(row, 1)]
  const before = answer()
  disk.file(blobOf(edited)).bytes[20]! ^= 1
  await disk.remove(blobOf(deleted))
  assert.deepEqual(answer(), before)
  const { damages } = await scrub(installation)
  assert.deepEqual(
    damages.map(({ kind, name, code }) => [kind, name, code]),
    [
      ['blob', edited, 'CAS_CORRUPT'],
      ['release', second.manifestSha256, 'CAS_CORRUPT'],
      ['release', first.manifestSha256, 'CAS_MISSING'],
    ],
  )
  assert.ok(lines.some(line => line.startsWith('error store.damaged release')))
})

test('a damaged backup is found though nobody needs it now', async () => {
  const { installation, disk, lines } = await running()
  const [name = ''] = (await disk.list('bot/models/backup')).map(entry => entry.name)
  disk.file(`bot/models/backup/${name}/release/card.md`).bytes[0]! ^= 1
  const { damages } = await scrub(installation)
  assert.deepEqual(
    damages.map(({ kind, code }) => [kind, code]),
    [['backup', 'BACKUP_DAMAGED']],
  )
  assert.ok(lines.some(line => line.startsWith('warn store.damaged backup')))
})

test('it is due at first, a week after the last one, after a clock was set back, and when its mark is broken', async () => {
  const { installation, disk } = await running()
  assert.equal(await isScrubDue(installation), true)
  await scrub(installation)
  const at = (ms: number) => isScrubDue(installationOn({ disk, clock: { now: () => NOW + ms } }))
  assert.deepEqual([await at(0), await at(7 * DAY - 1), await at(7 * DAY), await at(-1)], [false, false, true, true])
  disk.file('bot/state/scrub.json').bytes[3]! ^= 1
  assert.equal(await at(0), true)
})

test('a disk that takes no mark does not stop the looking', async () => {
  const { installation, disk, lines } = await running()
  const { damages } = await scrub({
    ...installation,
    disk: { ...disk, create: () => Promise.reject(new Error('EROFS')) },
  })
  assert.deepEqual(damages, [])
  assert.ok(lines.some(line => /its mark was not written/.test(line)))
})
