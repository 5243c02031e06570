// Verified, hot-swapped models for a program that is not ours (LIB-02): what it may ask and hear.

import type { Outcome } from '../base/fault.ts'
import type { Decision } from '../serving/answer.ts'
import type { RolledBack } from '../serving/rollback.ts'
import type { SyncResult } from '../serving/updater.ts'
import type { InCharge } from './in-charge.ts'
import type { RuntimeEvents } from './runtime-event.ts'

export interface Runtime {
  /** Asks one role of the set in charge; synchronous, never waits for a download or a swap. Refusals as of `answerOf`. */
  decide(role: string, row: ArrayLike<number>): Decision
  /** The set that decides now; undefined where there is none. */
  inCharge(): InCharge | undefined
  /** @returns a call that ends the listening. A listener that fails is told to the log and disturbs nobody. */
  on<Name extends keyof RuntimeEvents>(name: Name, listener: (event: RuntimeEvents[Name]) => void): () => void
  /** One pass over the source now; where one is under way, that one. Refusals are in the result. Fault `RUNTIME_CLOSED`. */
  sync(): Promise<SyncResult>
  /** Back to the set before, at once and whatever the book; the set that leaves is not taken again. Refusal `NOTHING_IN_CHARGE`. */
  rollback(reason: string): Promise<Outcome<RolledBack>>
  /** Ends polling and waits for what is under way; leaves no timer, socket or file open. Again is fine. */
  close(): Promise<void>
}
