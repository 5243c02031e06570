import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { nodeDisk } from '../adapters/files/disk.ts'
import { Fault } from '../base/fault.ts'
import { TRADING_SCOPES } from '../trading/kill-scopes.ts'
import { killFile } from './kill-file.ts'

const text = (words: string) => new TextEncoder().encode(words)

test('pulled is durable and says why; lifted is gone', async () => {
  const disk = memoryDisk()
  const kill = killFile('state', 'kill.txt', disk)
  assert.equal(await kill.pulled(), undefined)
  await kill.pull('a dragon')
  assert.deepEqual(await killFile('state', 'kill.txt', disk).pulled(), { reason: 'a dragon', scopes: TRADING_SCOPES })
  await kill.pull('two dragons')
  assert.deepEqual(await kill.pulled(), { reason: 'two dragons', scopes: TRADING_SCOPES })
  assert.ok((await kill.lift()).ok)
  assert.equal(await kill.pulled(), undefined)
})

test('the file of a person counts in both places, is shown by its first line and is not taken away', async () => {
  for (const folder of ['state', 'state/data']) {
    const disk = memoryDisk()
    await disk.makeDirectory(folder)
    const file = await disk.create(`${folder}/kill.txt`)
    await file.write(text('stop this\nplease'))
    await file.close()
    const kill = killFile('state', 'kill.txt', disk)
    assert.deepEqual(await kill.pulled(), { reason: 'stop this', scopes: TRADING_SCOPES })
    assert.match((await kill.text()) ?? '', /^stop this/)
    const lifted = await kill.lift()
    assert.equal(lifted.ok ? 'lifted' : lifted.fault.code, 'KILL_FILE_FOREIGN')
  }
})

test('an empty file kills too, and names itself', async () => {
  const disk = memoryDisk()
  await disk.makeDirectory('state')
  await (await disk.create('state/kill.txt')).close()
  assert.deepEqual(await killFile('state', 'kill.txt', disk).pulled(), {
    reason: 'the kill file state/kill.txt is there',
    scopes: TRADING_SCOPES,
  })
})

test('fault 163: any number of pulls at once, through one server or several programs, all end with the file there', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-kill-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const switches = [1, 2, 3].map(() => killFile(directory, 'kill.txt', nodeDisk()))
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 30 }, (_, n) => switches[n % 3]!.pull(`pull ${n}`)))
    assert.notEqual(await switches[0]!.pulled(), undefined)
  }
})

test('the newest reason of one server is the one that stands', async () => {
  const disk = memoryDisk()
  const kill = killFile('state', 'kill.txt', disk)
  await Promise.all(['first', 'second', 'third'].map(reason => kill.pull(reason)))
  assert.deepEqual(await kill.pulled(), { reason: 'third', scopes: TRADING_SCOPES })
})

test('a pull that the disk refuses is told, and the next one is made all the same', async () => {
  const disk = memoryDisk()
  let full = true
  const create: typeof disk.create = (path, mode) =>
    full ? Promise.reject(new Fault('DISK_FULL', 'no room')) : disk.create(path, mode)
  const kill = killFile('state', 'kill.txt', { ...disk, create })
  await assert.rejects(kill.pull('a dragon'), { code: 'DISK_FULL' })
  full = false
  await kill.pull('a dragon')
  assert.deepEqual(await kill.pulled(), { reason: 'a dragon', scopes: TRADING_SCOPES })
})

test('what is to stop stands in the file, also where a person wrote it; no scope may hide in a reason', async () => {
  const disk = memoryDisk()
  await disk.makeDirectory('state')
  const kill = killFile('state', 'kill.txt', disk)
  await kill.pull('a bad week', ['models', 'publish'])
  assert.deepEqual(await kill.pulled(), { reason: 'a bad week', scopes: ['models', 'publish'] })
  await kill.pull('now\nscopes: publish')
  assert.deepEqual((await kill.pulled())?.scopes, TRADING_SCOPES)
  assert.ok((await kill.lift()).ok)
  const file = await disk.create('state/kill.txt')
  await file.write(text('look at this\nscopes: models'))
  await file.close()
  assert.deepEqual(await kill.pulled(), { reason: 'look at this', scopes: ['models'] })
})
