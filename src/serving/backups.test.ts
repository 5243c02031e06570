import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { pruneBackups, writeBackup } from './backups.ts'
import { bot } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { reopenRelease } from './reopen.ts'

const first = tinyRelease({ seed: 1 })

async function installed() {
  const disk = memoryDisk()
  const { installation, sync } = await bot({ disk, backupsKept: 3 })
  await sync(memorySource(first.files))
  return { disk, installation, release: unwrap(await reopenRelease(installation, first.manifestSha256)) }
}

test('a backup holds manifest and models under dated names, with sums that fit', async () => {
  const { disk, installation, release } = await installed()
  const name = await writeBackup(installation, release)
  assert.equal(name, 'backup_20260115_143000')
  const folder = `bot/models/backup/${name}`
  const sums = Buffer.from(disk.file(`${folder}/SHA256SUMS`).bytes)
    .toString()
    .trim()
    .split('\n')
  assert.deepEqual(
    new Set(sums.map(line => line.split('  ')[1])),
    new Set([
      'manifest.json',
      'release/envelope.json',
      ...['execution', 'meta', 'rl_sizer'].flatMap(role => [
        `models/main_${role}_20260115_143000.onnx`,
        `release/golden/${role}.json`,
      ]),
      ...['card.md', ...['evaluation', 'features', 'lineage', 'metadata', 'parity'].map(name => `${name}.json`)].map(
        name => `release/${name}`,
      ),
    ]),
  )
  for (const line of sums) {
    const [sum, file] = line.split('  ') as [string, string]
    assert.equal(sha256(disk.file(`${folder}/${file}`).bytes), sum)
  }
})

test('two in one second get two names, and the newest stay by number, not by spelling', async () => {
  const { installation, disk, release } = await installed()
  for (let n = 1; n <= 11; n++) await writeBackup(installation, release)
  const later = { ...installation, clock: replayClock(NOW - 1_000) }
  await writeBackup(later, release)
  await pruneBackups(installation)
  assert.deepEqual(
    (await disk.list('bot/models/backup')).map(entry => entry.name),
    ['backup_20260115_143000-10', 'backup_20260115_143000-11', 'backup_20260115_143000-9'],
  )
})

test('fault 73: a half backup is marked as such and goes', async () => {
  const { installation, disk } = await installed()
  await disk.makeDirectory('bot/models/backup/backup_20260101_000000.partial')
  await pruneBackups(installation)
  assert.deepEqual(await disk.list('bot/models/backup'), [])
})
