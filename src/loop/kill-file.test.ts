import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { killFile } from './kill-file.ts'

const text = (words: string) => new TextEncoder().encode(words)

test('pulled is durable and says why; lifted is gone', async () => {
  const disk = memoryDisk()
  const kill = killFile('state', 'kill.txt', disk)
  assert.equal(await kill.pulled(), undefined)
  await kill.pull('a dragon')
  assert.deepEqual(await killFile('state', 'kill.txt', disk).pulled(), { reason: 'a dragon' })
  await kill.pull('two dragons')
  assert.deepEqual(await kill.pulled(), { reason: 'two dragons' })
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
    assert.deepEqual(await kill.pulled(), { reason: 'stop this' })
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
  })
})
