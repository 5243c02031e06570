// A command that runs until it is told to stop has done its work when a supervisor says so: SIGTERM ends it with 0 (RSL-06). Ctrl-C is a
// person who interrupts, which is 130 as everywhere.

import { Fault } from '../base/fault.ts'
import { EXIT } from './exit.ts'

/**
 * @param signal whose reason names in its place what stopped the program
 * @param work ends by throwing that reason, when all it holds is given back
 */
export async function untilStopped(signal: AbortSignal, work: Promise<void>): Promise<number> {
  try {
    await work
  } catch (cause) {
    if (!signal.aborted || cause !== signal.reason) throw cause
    if (!(cause instanceof Fault) || cause.place !== 'SIGTERM') throw cause
  }
  return EXIT.done
}
