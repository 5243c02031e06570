// The process that gets killed: starts on a state directory and installs prebuilt releases one after the other, with a registry in a
// file instead of a database. Usage: node test/faults/install-child.ts STATE RELEASES COUNT (0: only start)

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { filesSource } from '../../src/adapters/files/source.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { replaceFile } from '../../src/base/disk.ts'
import { unwrap } from '../../src/base/fault.ts'
import { contentStore } from '../../src/release/store.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { writerLock } from '../../src/serving/lock.ts'
import { type MemoryRegistry, memoryRegistry, type RegistryState } from '../../src/serving/memory-registry.ts'
import { statePaths } from '../../src/serving/paths.ts'

const [state, releases, count] = process.argv.slice(2) as [string, string, string]
const disk = nodeDisk()
const paths = statePaths(state)
const registryPath = join(state, 'registry.json')

/** Every change is durable before it is acknowledged, as a database would have it. */
async function fileRegistry(): Promise<MemoryRegistry> {
  const saved = await disk.stat(registryPath)
  const text = saved === undefined ? undefined : new TextDecoder().decode(await disk.read(registryPath, 1 << 24))
  const registry = memoryRegistry(text === undefined ? undefined : (JSON.parse(text) as RegistryState))
  const changes = new Set<PropertyKey>(['saveRelease', 'setState', 'block', 'unblock', 'append'])
  return new Proxy(registry, {
    get(target, key) {
      const method = Reflect.get(target, key) as (...args: unknown[]) => unknown
      if (!changes.has(key)) return method
      return async (...args: unknown[]) => {
        const result = await method.apply(target, args)
        await replaceFile(disk, registryPath, new TextEncoder().encode(JSON.stringify(registry.save())))
        return result
      }
    },
  })
}

const installation = installationOn({
  disk,
  paths,
  store: contentStore(disk, paths.store),
  registry: await fileRegistry(),
  lock: writerLock(disk, paths.lock, systemHost()),
})
const booted = unwrap(await bootSlot(installation))
console.log(`ready ${booted.state} ${booted.inCharge?.digest ?? 'none'}`)
const version = booted.inCharge?.version ?? 0
const next = readdirSync(releases)
  .sort()
  .slice(version, version + Number(count))
for (const name of next) {
  const result = await syncOnce(installation, filesSource(join(releases, name)))
  console.log(`installed ${result.installed} ${result.inCharge} ${result.refused.map(({ code }) => code).join()}`)
  if (result.installed === 0) process.exit(1)
}
await booted.healthy()
console.log('done')
