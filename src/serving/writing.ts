// One piece of work of this process that writes, alone: beside a pass that judges it does not wait for, never beside its commit (SRV-01).

import type { Outcome } from '../base/fault.ts'
import type { Installation } from './installation.ts'

/** Refusal `INSTALL_BUSY` where another process writes; faults are those of the work and of the disk. */
export async function writing<T>(
  purpose: string,
  { lock }: Pick<Installation, 'lock'>,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const held = await lock.join(purpose)
  if (!held.ok) return held
  try {
    return await lock.alone(work)
  } finally {
    await held.value.release()
  }
}
