// Memory of another process as the system sees it: what it says of itself would be a claim.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export type Resident = {
  /** MiB now. */
  readonly nowMb: number
  /** MiB at most so far, where the system keeps count; else as `nowMb`. */
  readonly peakMb: number
}

const kib = (status: string, field: string): number | undefined => {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return found === undefined ? undefined : Number(found)
}

async function fromProc(pid: number): Promise<Resident | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const now = kib(status, 'VmRSS')
  if (now === undefined) return undefined
  return { nowMb: now / 1024, peakMb: (kib(status, 'VmHWM') ?? now) / 1024 }
}

async function fromPs(pid: number): Promise<Resident | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  const now = Number(stdout.trim()) / 1024
  return Number.isFinite(now) && now > 0 ? { nowMb: now, peakMb: now } : undefined
}

/** Undefined where the process is gone or the system does not tell. */
export async function residentOf(pid: number): Promise<Resident | undefined> {
  try {
    return await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid))
  } catch {
    // Gone between two looks; whoever waits on the process hears of its exit.
    return undefined
  }
}
