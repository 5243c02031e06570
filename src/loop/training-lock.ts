// One training at a time on a state directory: two that follow the same release would be a fork, and one machine has only so many cores.

import { Fault } from '../base/fault.ts'
import type { Ports } from './ports.ts'

export const trainingLockOf = (directory: string): string => `${directory}/training.lock`

/** Whether a fault says that somebody else trains. */
export const trainsElsewhere = (fault: Fault, directory: string): boolean =>
  fault.code === 'LOCK_BUSY' && fault.place === trainingLockOf(directory)

/** Runs a training that nobody else's may overlap. Fault: `LOCK_BUSY` in words for the person who asked for it. */
export async function alone<T>(
  directory: string,
  { withLock }: Pick<Ports, 'withLock'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withLock(trainingLockOf(directory), work)
  } catch (cause) {
    if (!(cause instanceof Fault && trainsElsewhere(cause, directory))) throw cause
    throw new Fault('LOCK_BUSY', 'another training runs on this state directory', {
      place: trainingLockOf(directory),
      fix: 'wait until it has ended, or train in another one with --state',
      cause,
    })
  }
}
