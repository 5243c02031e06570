import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diskRoom } from './disk-room.ts'

const MIB = 1024 ** 2

const withFree = (freeDiskBytes: number) =>
  diskRoom('.ratchet', {
    machine: async () => {
      const sqlite = { version: '3.52.0', supported: true }
      return { node: '26.0.0', sqlite, freeDiskBytes, freeMemoryBytes: 0, cpuMs: 0, installedAt: 0 }
    },
  })

test('a release needs twice its size and 1 GiB beside it', async () => {
  const exact = 1024 * MIB + 2 * 100 * MIB
  assert.equal((await withFree(exact)(100 * MIB)).ok, true)
  const refusal = await withFree(exact - 1)(100 * MIB)
  assert.ok(!refusal.ok)
  assert.deepEqual(
    [refusal.fault.code, refusal.fault.message],
    ['DISK_FULL', '1.20 GiB free, 1.20 GiB are needed to fetch a release'],
  )
  assert.match(refusal.fault.fix!, /free some room/)
})
