// Vital signs of this process, and of the thread that asks.

import { stat, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
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

const MS = 1e6

/** @param place folder on the volume that is watched */
export function systemVitals(place: string): Vitals & { close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
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
        residentBytes: process.memoryUsage.rss(),
        memoryLimitBytes: memoryLimit(),
        databaseBytes: (await sizeOf(`${place}/ratchet.db`)) + (await sizeOf(`${place}/ratchet.db-wal`)),
        diskUsedRatio: blocks === 0 ? 0 : (blocks - bfree) / blocks,
        loopLag,
      }
    },
    close: () => void delay.disable(),
  }
}
