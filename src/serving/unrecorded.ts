// A bot whose records cannot be read or written: what CURRENT names goes on deciding, and nothing that would have to be recorded is begun (DB-10).

import type { Fault, Outcome } from '../base/fault.ts'
import type { Installation } from './installation.ts'
import type { WriterLock } from './lock.ts'
import { memoryRegistry } from './memory-registry.ts'
import type { Registry } from './registry.ts'

/** Whether a start without records is better than none: what is wrong lies in the place, not in the program or in another process. */
export const isUnrecordable = ({ code }: Fault): boolean =>
  code !== 'DATABASE_BUSY' && /^(?:DATABASE_|DISK_)/.test(code)

/** No pass gets it, so none begins; a rollback swaps in memory all the same and says that it is not durable. */
function refusedLock(fault: Fault): WriterLock {
  const never = async (): Promise<Outcome<never>> => ({ ok: false, fault })
  return { acquire: never, join: never, alone: work => work() }
}

/** Knows nothing and takes nothing. */
function blankRegistry(fault: Fault): Registry {
  const refuse = () => Promise.reject(fault)
  return {
    ...memoryRegistry(),
    saveRelease: refuse,
    setState: refuse,
    block: refuse,
    unblock: refuse,
    append: refuse,
  }
}

/**
 * The parts of an installation whose database is lost, for as long as this process lives.
 *
 * @example const installation = { ...parts, ...unrecorded(new Fault('DATABASE_CORRUPT', 'the file is not a database')) }
 */
export const unrecorded = (fault: Fault): Pick<Installation, 'registry' | 'lock'> => ({
  registry: blankRegistry(fault),
  lock: refusedLock(fault),
})
