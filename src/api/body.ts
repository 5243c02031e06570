// Bodies: JSON only, so that no page elsewhere can send one unasked, and no deeper than anything we read (API-06).

import { Fault, unwrap } from '../base/fault.ts'
import { parseStrictJson, plainValue } from '../release/strict-json.ts'

/** Faults: `JSON_INVALID`, also for duplicate keys, for integers beyond 2^53 and for more than 32 levels. */
export function readBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  try {
    return plainValue(unwrap(parseStrictJson(bytes)))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    throw new Fault('JSON_INVALID', `the body is not the JSON that is read here: ${cause.message}`, {
      place: 'body',
      cause,
    })
  }
}
