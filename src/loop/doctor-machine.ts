// Whether this machine can carry the product: versions, room, clock, and the tables that know the exchanges' holidays.

import { DAY_MS } from '../market/bar.ts'
import { HOLIDAYS_VERSION } from '../market/calendars/holidays.ts'
import { calendarOf } from '../market/calendars/index.ts'
import type { CalendarName } from '../market/instrument.ts'
import { type DoctorCheck, fail, ok, warn } from './doctor-check.ts'

const GIB = 1024 ** 3

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`

export const node: DoctorCheck = ({ machine, limits }) =>
  Number.parseInt(machine.node, 10) >= limits.oldestNode
    ? ok(machine.node)
    : fail(`${machine.node}, ${limits.oldestNode} is needed`, 'start with ./ratchet, which brings its own Node')

export const sqlite: DoctorCheck = ({ machine: { sqlite } }) =>
  sqlite.supported
    ? ok(sqlite.version)
    : fail(
        `SQLite ${sqlite.version} can corrupt its write-ahead log`,
        'start with ./ratchet, which brings its own Node',
      )

export const memory: DoctorCheck = ({ machine, limits }) =>
  machine.freeMemoryBytes >= limits.minMemoryBytes
    ? ok(`${gib(machine.freeMemoryBytes)} free`)
    : warn(`${gib(machine.freeMemoryBytes)} free, ${gib(limits.minMemoryBytes)} are better`, 'close other programs')

export const disk: DoctorCheck = ({ machine, limits, place }) =>
  machine.freeDiskBytes >= limits.minFreeDiskBytes
    ? ok(`${gib(machine.freeDiskBytes)} free`)
    : fail(
        `${gib(machine.freeDiskBytes)} free at ${place}, ${gib(limits.minFreeDiskBytes)} are needed`,
        'free some room, or name another place with --state',
      )

/** A file is made, synced and taken away again; the state directory itself is not made for that. */
export const write: DoctorCheck = async ({ ports, place, directory }) => {
  const { disk, host } = ports
  const probe = `${place}/.ratchet-doctor-${host.self.pid}`
  const file = await disk.create(probe, 0o600)
  try {
    await file.write(new TextEncoder().encode('doctor'))
    await file.sync()
  } finally {
    await file.close()
    await disk.remove(probe)
  }
  return ok(place === directory ? directory : `${directory} can be made in ${place}`)
}

export const clock: DoctorCheck = ({ ports, machine }) => {
  const now = ports.clock.now()
  const text = new Date(now).toISOString()
  if (now >= machine.installedAt) return ok(text)
  const installed = new Date(machine.installedAt).toISOString()
  return fail(`${text}, earlier than this program was written (${installed})`, 'set the clock of this machine')
}

const BUNDLED: readonly CalendarName[] = ['nyse', 'cme-index']

/** DATA-09: the failure comes while there is still time to update. */
export const calendars: DoctorCheck = ({ ports, limits }) => {
  const ends = BUNDLED.map(name => calendarOf(name).validUntil).sort()
  const end = ends[0]!
  const days = Math.floor((Date.parse(`${end}T00:00:00Z`) - ports.clock.now()) / DAY_MS)
  if (days > limits.calendarDays) return ok(`exchange holidays known until ${end} (table ${HOLIDAYS_VERSION})`)
  return fail(
    `exchange holidays are known until ${end} only (${days} days, table ${HOLIDAYS_VERSION})`,
    'update Ratchet',
  )
}
