// Where another publisher was faster the work is done again on what is there now, a few times (REL-35).

import { Fault, type Outcome } from '../base/fault.ts'
import type { Timer } from '../base/timer.ts'

const FASTER: ReadonlySet<string> = new Set(['POINTER_CONFLICT', 'BLOB_CONFLICT', 'LOCK_BUSY'])
const RETRIES = 5
/** Time for the other one to finish what it has begun, and for a label of another second. */
const PAUSE_MS = 1_000

function busy(cause: unknown): Outcome<never> {
  if (cause instanceof Fault && cause.code === 'LOCK_BUSY') return { ok: false, fault: cause }
  throw cause
}

/**
 * @param attempt looks at what is published anew, builds on it, signs and publishes
 * @returns what the last attempt came to
 * @example const published = await untilNobodyIsFaster(attempt, { timer, signal })
 */
export async function untilNobodyIsFaster<T>(
  attempt: () => Promise<Outcome<T>>,
  { timer, signal }: { readonly timer: Timer; readonly signal: AbortSignal },
): Promise<Outcome<T>> {
  for (let left = RETRIES; ; left--) {
    const done = await attempt().catch(busy)
    if (done.ok || left === 0 || !FASTER.has(done.fault.code)) return done
    await timer.sleep(PAUSE_MS, signal)
  }
}
