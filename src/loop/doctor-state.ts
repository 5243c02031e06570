// Whether the state directory is sound: database, history, keys, and who holds it.

import { Fault } from '../base/fault.ts'
import { verifyHistory } from '../serving/history.ts'
import { writerLock } from '../serving/lock.ts'
import { statePaths } from '../serving/paths.ts'
import { type DoctorCheck, fail, ok, warn } from './doctor-check.ts'
import { isBackupOld } from './keep-records.ts'
import { runLockOf } from './run-lock.ts'
import { keyFileOf, verifyingRing } from './signing-key.ts'
import { newestVerified } from './state-backup.ts'

export const database: DoctorCheck = async ({ ports, directory }) => {
  if ((await ports.disk.stat(`${directory}/ratchet.db`)) === undefined)
    return ok('none yet; it is made at the first use')
  const state = await ports.openState(directory)
  try {
    const events = await state.registry.events()
    verifyHistory(events)
    const releases = await state.registry.releases()
    return ok(`${releases.length} releases, history of ${events.length} events unbroken`)
  } finally {
    await state.close()
  }
}

/** DB-08. */
export const backup: DoctorCheck = async ({ ports, directory }) => {
  const { settings, clock, disk } = ports
  if ((await disk.stat(`${directory}/ratchet.db`)) === undefined) return ok('nothing to copy yet')
  const folder = settings.backup.dir ?? `${directory}/backups`
  const newest = await newestVerified(folder, ports)
  if (newest === undefined) return warn(`no proven backup in ${folder}`, 'make one: ratchet backup create')
  const text = `${newest.id}, proven, of ${new Date(newest.at).toISOString()}`
  return isBackupOld(newest.at, clock.now(), settings)
    ? warn(`${text}: too old`, 'make one: ratchet backup create')
    : ok(text)
}

const KEY_VARIABLES = ['MANIFEST_HMAC_KEY', 'MANIFEST_SIGNING_KEY', 'MANIFEST_BOT_KEY']

export const keys: DoctorCheck = async ({ ports, directory }) => {
  const given = KEY_VARIABLES.some(name => ports.environment[name] || ports.environment[`${name}_FILE`])
  if (!given && (await ports.disk.stat(keyFileOf(directory))) === undefined) {
    return ok('none yet; one is made when something is signed')
  }
  const ring = await verifyingRing(directory, ports)
  const { keyid } = ring.release[0] ?? ring.trusted[0] ?? { keyid: 'no key' }
  const others = ring.trusted.length > 1 ? `, ${ring.trusted.length} keys are known` : ''
  return ok(`${keyid} ${given ? 'from the environment' : `from ${keyFileOf(directory)}`}${others}`)
}

const BUSY = 'wait until it is done, or use another --state'

/** Held is no fault: something is at work. */
export const lock: DoctorCheck = async ({ ports, directory }) => {
  const { disk, host } = ports
  if ((await disk.stat(runLockOf(directory))) !== undefined) {
    const free = await ports
      .withLock(runLockOf(directory), async () => true)
      .catch((cause: unknown) => {
        if (cause instanceof Fault && cause.code === 'LOCK_BUSY') return false
        throw cause
      })
    if (!free) return warn('a loop is running on it', BUSY)
  }
  const path = statePaths(directory).lock
  if ((await disk.stat(path)) === undefined) return ok('free')
  const held = await writerLock(disk, path, host).acquire('doctor')
  if (!held.ok) return held.fault.code === 'INSTALL_BUSY' ? warn(held.fault.message, BUSY) : fail(held.fault.message)
  await held.value.release()
  return ok('free')
}
