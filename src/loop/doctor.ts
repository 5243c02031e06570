// Looks at the installation as a doctor would: every question gets an answer, and what is wrong comes with a remedy (INST-03).

import { Fault } from '../base/fault.ts'
import type { DoctorCheck, DoctorContext, DoctorLimits, Finding } from './doctor-check.ts'
import { calendars, clock, disk, memory, node, sqlite, write } from './doctor-machine.ts'
import { runtime } from './doctor-runtime.ts'
import { backup, database, keys, lock } from './doctor-state.ts'
import { network, port, sandbox } from './doctor-surroundings.ts'
import type { Ports } from './ports.ts'

/** INST-03 names 2 GB of disk; `health.memorySoftMb` is 2,048. */
export const DOCTOR_LIMITS: DoctorLimits = Object.freeze({
  oldestNode: 26,
  minFreeDiskBytes: 2e9,
  minMemoryBytes: 2048 * 1024 * 1024,
  calendarDays: 60,
})

/** In the order of the report. */
export const CHECKS: Readonly<Record<string, DoctorCheck>> = {
  node,
  memory,
  disk,
  write,
  clock,
  calendars,
  sqlite,
  database,
  backup,
  keys,
  lock,
  runtime,
  port,
  sandbox,
  network,
}

export type DoctorLine = Finding & { readonly check: string }

async function answer(check: DoctorCheck, context: DoctorContext): Promise<Finding> {
  try {
    return await check(context)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const place = cause.place === undefined ? '' : ` (${cause.place})`
    return { verdict: 'fail', text: `${cause.code}: ${cause.message}${place}`, fix: cause.fix }
  }
}

const parentOf = (path: string): string =>
  path.slice(0, Math.max(0, path.lastIndexOf('/'))) || (path.startsWith('/') ? '/' : '.')

/** The path itself or the nearest of its parents that is there. */
async function existing(path: string, { disk }: Pick<Ports, 'disk'>): Promise<string> {
  const found = path === '.' || path === '/' || (await disk.stat(path)) !== undefined
  return found ? path : existing(parentOf(path), { disk })
}

/**
 * Nothing is left behind: no state directory, database or key is made by asking.
 *
 * @example (await doctor('.ratchet', ports)).filter(({ verdict }) => verdict !== 'ok')
 */
export async function doctor(
  directory: string,
  ports: Ports,
  checks: readonly string[] = Object.keys(CHECKS),
  limits: DoctorLimits = DOCTOR_LIMITS,
): Promise<readonly DoctorLine[]> {
  const place = await existing(directory, ports)
  const context: DoctorContext = { directory, place, machine: await ports.machine(place), ports, limits }
  const lines: DoctorLine[] = []
  const asked = Object.entries(CHECKS).filter(([name]) => checks.includes(name))
  for (const [name, check] of asked) lines.push({ check: name, ...(await answer(check, context)) })
  return lines
}
