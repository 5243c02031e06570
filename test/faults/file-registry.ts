// The registry in one file instead of a database: every change is durable before it is acknowledged, as a database would have it.

import type { Disk } from '../../src/base/disk.ts'
import { replaceFile } from '../../src/base/disk.ts'
import { type MemoryRegistry, memoryRegistry, type RegistryState } from '../../src/serving/memory-registry.ts'

const CHANGES: ReadonlySet<PropertyKey> = new Set(['saveRelease', 'setState', 'block', 'unblock', 'append'])

export async function fileRegistry(disk: Disk, path: string): Promise<MemoryRegistry> {
  const there = await disk.stat(path)
  const text = there === undefined ? undefined : new TextDecoder().decode(await disk.read(path, 1 << 24))
  const registry = memoryRegistry(text === undefined ? undefined : (JSON.parse(text) as RegistryState))
  return new Proxy(registry, {
    get(target, key) {
      const method = Reflect.get(target, key) as (...args: unknown[]) => unknown
      if (!CHANGES.has(key)) return method
      return async (...args: unknown[]) => {
        const result = await method.apply(target, args)
        await replaceFile(disk, path, new TextEncoder().encode(JSON.stringify(registry.save())))
        return result
      }
    },
  })
}
