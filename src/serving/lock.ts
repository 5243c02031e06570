// One writer at a time: installs, rollbacks and collection hold it, in this process or another (SRV-01). The lock is a file with the
// identity of its holder; a dead holder's lock is taken over, and a process id that was given out again is not mistaken for the holder.

import { z } from 'zod'
import type { Disk } from '../base/disk.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { stampedFile } from './stamped-file.ts'

const identity = z.object({
  pid: z.int(),
  /** Changes with every start of the machine. */
  bootId: z.string(),
  /** When the process started, in whatever unit the system counts: tells it from a later one with the same pid. */
  startedAt: z.string(),
})
const claim = identity.extend({ purpose: z.string(), released: z.boolean() })

export type ProcessIdentity = Readonly<z.infer<typeof identity>>
type Claim = Readonly<z.infer<typeof claim>>

/** Who this process is and whether another still runs. */
export interface Host {
  readonly self: ProcessIdentity
  isRunning(process: ProcessIdentity): boolean
}

export interface HeldLock {
  release(): Promise<void>
}

export interface WriterLock {
  /** Refusal `INSTALL_BUSY` naming the holder, also where the holder is another pass of this process. */
  acquire(purpose: string): Promise<Outcome<HeldLock>>
  /** For what cannot wait (rollback): joins the pass of this process that holds it, else acquires. */
  join(purpose: string): Promise<Outcome<HeldLock>>
  /** Runs pieces of work of this process one after the other: the commit of an install and a rollback never interleave. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

const NUMBERED = /^[1-9][0-9]{0,14}$/

/**
 * Claims are numbered files. Whoever wants the lock writes a claim above all others and holds it if, after that, no higher claim and
 * no other living one is there: of two at once the later look sees the other's claim, so never two hold. The highest claim is never
 * removed, so a number is never a newcomer's and a holder's at once.
 */
export function writerLock(disk: Disk, directory: string, host: Host): WriterLock {
  let held: { users: number; readonly number: number } | undefined
  let acquiring: Promise<unknown> | undefined
  /** Claims of ours that could not be marked as released. */
  const abandoned = new Set<number>()
  let tail: Promise<unknown> = Promise.resolve()

  const claimFile = (number: number) => stampedFile(disk, `${directory}/${number}`, claim)
  const claims = async (): Promise<number[]> =>
    (await disk.list(directory))
      .filter(({ name }) => NUMBERED.test(name))
      .map(({ name }) => Number(name))
      .sort((a, b) => a - b)
  /** The claim of a living process. One that is half written belongs to someone who has yet to look and will see ours. */
  const living = async (number: number): Promise<Claim | undefined> => {
    if (abandoned.has(number)) return undefined
    const read = await claimFile(number).read()
    if (!read.ok || read.value === undefined || read.value.released) return undefined
    return host.isRunning(read.value) ? read.value : undefined
  }
  const busy = (holder: string): Outcome<never> =>
    refused('INSTALL_BUSY', `${holder} is writing`, { place: directory, fix: 'wait until it is done' })
  const nameOf = ({ pid, purpose }: Claim) => `process ${pid} (${purpose})`

  async function createClaim(number: number): Promise<boolean> {
    try {
      const file = await disk.create(`${directory}/${number}`, 0o600)
      await file.close()
      return true
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'FILE_EXISTS') return false
      throw cause
    }
  }

  async function claimLock(purpose: string): Promise<Outcome<number>> {
    await disk.makeDirectory(directory, 0o700)
    const before = await claims()
    for (const number of before) {
      const holder = await living(number)
      if (holder !== undefined) return busy(nameOf(holder))
    }
    const number = (before.at(-1) ?? 0) + 1
    if (!(await createClaim(number))) return busy('another process')
    try {
      return await settle(number, before, purpose)
    } catch (cause) {
      // It may read as ours and alive for ever; to others it is, until this process ends or takes a higher one.
      abandoned.add(number)
      throw cause
    }
  }

  /** Writes the claim and looks again: it holds if no higher one and no other living one is there. */
  async function settle(number: number, before: readonly number[], purpose: string): Promise<Outcome<number>> {
    await claimFile(number).write({ ...host.self, purpose, released: false })
    for (const other of await claims()) {
      if (other === number) continue
      const rival = other > number ? 'another process' : await living(other).then(found => found && nameOf(found))
      if (rival === undefined) continue
      await disk.remove(`${directory}/${number}`)
      return busy(rival)
    }
    for (const old of before) {
      await disk.remove(`${directory}/${old}.tmp`)
      await disk.remove(`${directory}/${old}`)
    }
    return accepted(number)
  }

  async function drop(): Promise<void> {
    if (held === undefined || --held.users > 0) return
    const { number } = held
    held = undefined
    try {
      await claimFile(number).write({ ...host.self, purpose: '', released: true })
    } catch (cause) {
      abandoned.add(number)
      throw cause
    }
  }

  async function take(purpose: string): Promise<Outcome<HeldLock>> {
    if (acquiring !== undefined) return busy('another pass of this process')
    const claiming = claimLock(purpose)
    acquiring = claiming.catch(() => undefined)
    try {
      const claimed = await claiming
      if (!claimed.ok) return claimed
      held = { users: 1, number: claimed.value }
      return accepted({ release: drop })
    } finally {
      acquiring = undefined
    }
  }

  return {
    acquire: async purpose => (held === undefined ? take(purpose) : busy('another pass of this process')),
    async join(purpose) {
      await acquiring
      if (held === undefined) return take(purpose)
      held.users++
      return accepted({ release: drop })
    },
    alone(work) {
      const done = tail.then(work, work)
      tail = done.catch(() => undefined)
      return done
    },
  }
}
