import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk } from '../base/disk.ts'
import { unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { type Host, type ProcessIdentity, writerLock } from './lock.ts'

const processes = (count: number): { hosts: Host[]; alive: Set<string> } => {
  const alive = new Set<string>()
  const key = ({ pid, bootId, startedAt }: ProcessIdentity) => `${pid} ${bootId} ${startedAt}`
  const hosts = Array.from({ length: count }, (_, i): Host => {
    const self = { pid: i + 1, bootId: 'boot', startedAt: '1' }
    alive.add(key(self))
    return { self, isRunning: other => alive.has(key(other)) }
  })
  return { hosts, alive }
}

const codeOf = async (attempt: Promise<{ ok: boolean; fault?: { code: string } }>): Promise<string> => {
  const result = await attempt
  return result.ok ? 'held' : (result.fault?.code ?? '')
}

test('one holds it, the other is INSTALL_BUSY and told who', async () => {
  const disk = memoryDisk()
  const { hosts } = processes(2)
  const [one, two] = hosts.map(host => writerLock(disk, 'lock', host))
  const held = unwrap(await one!.acquire('sync'))
  const refusal = await two!.acquire('sync')
  assert.ok(!refusal.ok)
  assert.deepEqual([refusal.fault.code, refusal.fault.message], ['INSTALL_BUSY', 'process 1 (sync) is writing'])
  await held.release()
  assert.equal(await codeOf(two!.acquire('sync')), 'held')
})

test('two passes of one process exclude each other, a rollback joins', async () => {
  const lock = writerLock(memoryDisk(), 'lock', processes(1).hosts[0]!)
  const held = unwrap(await lock.acquire('sync'))
  assert.equal(await codeOf(lock.acquire('sync')), 'INSTALL_BUSY')
  const joined = unwrap(await lock.join('rollback'))
  await held.release()
  assert.equal(await codeOf(lock.acquire('sync')), 'INSTALL_BUSY')
  await joined.release()
  assert.equal(await codeOf(lock.acquire('sync')), 'held')
})

test('fault 80: the lock of a dead process is taken over, also where its process id was given out again', async () => {
  const disk = memoryDisk()
  const { hosts, alive } = processes(1)
  unwrap(await writerLock(disk, 'lock', hosts[0]!).acquire('sync'))
  alive.clear()
  const recycled: ProcessIdentity = { pid: 1, bootId: 'boot', startedAt: '99' }
  const later: Host = { self: recycled, isRunning: other => other.startedAt === '99' }
  assert.equal(await codeOf(writerLock(disk, 'lock', later).acquire('sync')), 'held')
  assert.deepEqual(
    (await disk.list('lock')).map(({ name }) => name),
    ['2'],
  )
})

test('a claim that died half written keeps nobody out', async () => {
  const disk = memoryDisk()
  await disk.makeDirectory('lock')
  await disk.create('lock/7')
  assert.equal(await codeOf(writerLock(disk, 'lock', processes(1).hosts[0]!).acquire('sync')), 'held')
})

test('a lock that could not be given back can be taken again by the same process', async () => {
  const disk = memoryDisk()
  let failing = false
  const broken: Disk = {
    ...disk,
    create: (path, mode) => (failing ? Promise.reject(new Error('EIO')) : disk.create(path, mode)),
  }
  const lock = writerLock(broken, 'lock', processes(1).hosts[0]!)
  const held = unwrap(await lock.acquire('sync'))
  failing = true
  await assert.rejects(held.release(), /EIO/)
  failing = false
  assert.equal(await codeOf(lock.acquire('sync')), 'held')
})

test('whatever the order of 3 racers and their deaths, never two hold it', async () => {
  let held = 0
  for (let seed = 0; seed < 400; seed++) {
    const rng = seededRng(seed)
    const disk = memoryDisk()
    // Each call of the disk waits a random number of turns: the racers interleave at every call.
    const turns = async () => {
      for (let n = rng.int(4); n > 0; n--) await Promise.resolve()
    }
    const slow = new Proxy(disk, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>
        return async (...args: unknown[]) => {
          await turns()
          return method(...args)
        }
      },
    })
    const { hosts } = processes(3)
    const holders = new Set<number>()
    await Promise.all(
      hosts.map(async (host, index) => {
        const lock = writerLock(slow, 'lock', host)
        for (let round = 0; round < 3; round++) {
          const taken = await lock.acquire('sync')
          if (!taken.ok) continue
          holders.add(index)
          held++
          assert.equal(holders.size, 1, `seed ${seed}: ${[...holders].join(' and ')}`)
          await turns()
          holders.delete(index)
          await taken.value.release()
        }
      }),
    )
  }
  assert.ok(held > 400, `${held} times held`)
})

test('work of one process runs one after the other, also after a failure', async () => {
  const lock = writerLock(memoryDisk(), 'lock', processes(1).hosts[0]!)
  const order: string[] = []
  const work = (name: string, fail = false) =>
    lock.alone(async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      if (fail) throw new Error(name)
    })
  const first = work('a', true)
  await Promise.all([assert.rejects(first), work('b')])
  assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends'])
})
