// Who this process is, for the writer lock: process id, boot of the machine, and when the process started.

import { readFileSync } from 'node:fs'
import type { Host, ProcessIdentity } from '../../serving/lock.ts'

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if (cause instanceof Error) return undefined
    throw cause
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); where there is no /proc a pid is only told by being alive. */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

export function systemHost(): Host {
  const bootId = readText('/proc/sys/kernel/random/boot_id') ?? 'unknown'
  const self: ProcessIdentity = { pid: process.pid, bootId, startedAt: startOf(process.pid) ?? 'unknown' }
  return {
    self,
    isRunning(other) {
      if (other.bootId !== bootId || !isAlive(other.pid)) return false
      return (startOf(other.pid) ?? 'unknown') === other.startedAt
    },
  }
}
