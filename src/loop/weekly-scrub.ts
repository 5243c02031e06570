// Once a week whoever stays with a slot reads and hashes again all that it keeps (REL-49).

import { sleepUntil, type Time } from '../base/sleep-until.ts'
import { faultOf, type Installation } from '../serving/installation.ts'
import { isScrubDue, scrub } from '../serving/scrub.ts'

const HOUR_MS = 60 * 60_000

export type WeeklyScrub = {
  readonly time: Time
  readonly installation: Installation
  readonly signal: AbortSignal
}

/**
 * Looks every hour whether it is due, the first time an hour after the start. A failure is told and ends nothing.
 *
 * @returns never; rejects with the signal's reason
 * @example await weeklyScrub({ time, installation, signal })
 */
export async function weeklyScrub({ time, installation, signal }: WeeklyScrub): Promise<never> {
  for (;;) {
    await sleepUntil(time.clock.now() + HOUR_MS, time, signal)
    try {
      if (await isScrubDue(installation)) await scrub(installation)
    } catch (cause) {
      signal.throwIfAborted()
      installation.log.write('warn', 'store.scrub', `the weekly scrub failed: ${faultOf(cause).message}`)
    }
  }
}
