// Vital signs of this process, and of the thread that asks.

import { readFile, stat, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { Vitals } from '../../base/vitals.ts'
import { onDisk } from '../files/errno.ts'

/** 0 where nothing is. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 0
    throw cause
  }
}

function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/** Linux tells in /proc; elsewhere nobody does without a program of its own. */
async function threadCount(): Promise<number | null> {
  try {
    const found = /^Threads:\s+(\d+)$/m.exec(await readFile('/proc/self/status', 'utf8'))
    return found === null ? null : Number(found[1])
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
}

const MS = 1e6

/** @param place folder on the volume that is watched */
export function systemVitals(place: string): Vitals & { close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let gcCollections = 0
  const collections = new PerformanceObserver(list => void (gcCollections += list.getEntries().length))
  collections.observe({ entryTypes: ['gc'] })
  return {
    async signs() {
      const { blocks, bfree } = await onDisk(place, () => statfs(place))
      const { user, system } = process.cpuUsage()
      const loopLag = {
        p50Ms: delay.percentile(50) / MS,
        p99Ms: delay.percentile(99) / MS,
        maxMs: delay.max / MS,
      }
      delay.reset()
      return {
        uptimeMs: process.uptime() * 1000,
        cpuMs: (user + system) / 1000,
        threadCount: await threadCount(),
        gcCollections,
        residentBytes: process.memoryUsage.rss(),
        memoryLimitBytes: memoryLimit(),
        databaseBytes: (await sizeOf(`${place}/ratchet.db`)) + (await sizeOf(`${place}/ratchet.db-wal`)),
        diskUsedRatio: blocks === 0 ? 0 : (blocks - bfree) / blocks,
        loopLag,
      }
    },
    close() {
      delay.disable()
      collections.disconnect()
    },
  }
}
