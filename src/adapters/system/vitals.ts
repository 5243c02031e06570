// Vital signs of this process, and of the thread that asks.

import { statfs } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Vitals } from '../../base/vitals.ts'
import { onDisk } from '../files/errno.ts'

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
        diskUsedRatio: blocks === 0 ? 0 : (blocks - bfree) / blocks,
        loopLag,
      }
    },
    close: () => void delay.disable(),
  }
}
