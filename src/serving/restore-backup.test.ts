import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { writeBackup } from './backups.ts'
import { bootSlot } from './boot.ts'
import { bot, installationOn } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { KEY, memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { reopenRelease } from './reopen.ts'
import { readBackup, restoreBackup } from './restore-backup.ts'

const first = tinyRelease({ seed: 1 })
const TRUST = { keys: [KEY], required: ['hmac'] as const, nowMs: NOW }

async function backedUp() {
  const disk = memoryDisk()
  const { installation, sync, registry } = await bot({ disk })
  assert.equal((await sync(memorySource(first.files))).installed, 1)
  const release = unwrap(await reopenRelease(installation, first.manifestSha256))
  const name = await writeBackup(installation, release)
  return { disk, installation, registry, release, name, folder: `bot/models/backup/${name}` }
}

const codeOf = (outcome: Awaited<ReturnType<typeof restoreBackup>>) => (outcome.ok ? 'restored' : outcome.fault.code)

test('a lost store is filled again from a backup, and the next start has the set in charge', async () => {
  const { disk, registry, installation, name, release } = await backedUp()
  await disk.remove('bot/store')
  const lost = installationOn({ disk, registry })
  assert.equal(unwrap(await bootSlot(lost)).state, 'hold')
  const restored = unwrap(await restoreBackup(name, installation, TRUST))
  assert.deepEqual(restored, {
    digest: first.manifestSha256,
    releaseId: first.releaseId,
    label: first.manifest.label,
  })
  assert.deepEqual(unwrap(await reopenRelease(installation, first.manifestSha256)), release)
  assert.equal(unwrap(await bootSlot(installationOn({ disk, registry }))).state, 'active')
  assert.equal(await disk.stat('bot/models/.staging'), undefined)
})

test('any file that was changed or is missing is named, and nothing of the copy gets into the store', async () => {
  const { disk, installation, name, folder } = await backedUp()
  const files = [...disk.image()].filter(([path, bytes]) => path.startsWith(folder) && bytes !== null)
  await disk.remove('bot/store')
  for (const [path, bytes] of files) {
    const entry = disk.file(path)
    const last = entry.bytes.length - 2
    entry.bytes = Uint8Array.from(bytes!, (byte, at) => (at === last ? byte ^ 1 : byte))
    const outcome = await restoreBackup(name, installation, TRUST)
    assert.ok(!outcome.ok, path)
    if (!path.endsWith('SHA256SUMS'))
      assert.deepEqual([outcome.fault.code, outcome.fault.place], ['BACKUP_DAMAGED', path])
    assert.match(outcome.fault.code, /^(BACKUP_DAMAGED|FILE_MISSING)$/)
    entry.bytes = bytes!
  }
  assert.deepEqual(await installation.store.list(), [])
  await disk.remove(`${folder}/release/card.md`)
  assert.equal(codeOf(await restoreBackup(name, installation, TRUST)), 'FILE_MISSING')
})

test('a copy whose key is revoked or unknown is not restored', async () => {
  const { installation, name } = await backedUp()
  const revoked = { ...TRUST, keys: [{ ...KEY, state: 'revoked' as const }] }
  assert.equal(codeOf(await restoreBackup(name, installation, revoked)), 'KEY_REVOKED')
  assert.equal(codeOf(await restoreBackup(name, installation, { ...TRUST, keys: [] })), 'SIGNATURE_MISSING')
})

test('a name that is none of the backups is BACKUP_UNKNOWN and says which there are, whatever it looks like', async () => {
  const { installation, name } = await backedUp()
  for (const wrong of ['', '..', '../..', 'backup_20200101_000000', `${name}/models`]) {
    const outcome = await readBackup(wrong, installation)
    assert.equal(outcome.ok ? '' : outcome.fault.code, 'BACKUP_UNKNOWN')
    assert.ok(!outcome.ok && outcome.fault.fix?.includes(name))
  }
})

test('a copy without its evidence, as older versions wrote it, says what it lacks', async () => {
  const { disk, installation, name, folder } = await backedUp()
  const sums = disk.file(`${folder}/SHA256SUMS`)
  const lines = new TextDecoder().decode(sums.bytes).split('\n')
  sums.bytes = new TextEncoder().encode(lines.filter(line => !line.includes('  release/')).join('\n'))
  const outcome = await readBackup(name, installation)
  assert.deepEqual(outcome.ok ? [] : [outcome.fault.code, outcome.fault.message], [
    'BACKUP_DAMAGED',
    'is not in the copy',
  ])
})
