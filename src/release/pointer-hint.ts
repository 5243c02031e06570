// What a pointer claims to be, before anyone checked it: good for ordering places to look at, for nothing else.

import { z } from 'zod'
import { Fault } from '../base/fault.ts'
import { jsonText } from '../base/json-text.ts'

const hint = z.object({ version: z.int().positive() })
const envelope = z.object({ payload: z.base64().transform(payload => Buffer.from(payload, 'base64').toString()) })

/** The version that it claims. Fault: `MANIFEST_SYNTAX` for what is no pointer at all. */
export function claimedVersion(bytes: Uint8Array, place: string): number {
  const outer = jsonText.pipe(envelope).safeParse(new TextDecoder().decode(bytes))
  const inner = outer.success ? jsonText.pipe(hint).safeParse(outer.data.payload) : undefined
  if (inner?.success === true) return inner.data.version
  throw new Fault('MANIFEST_SYNTAX', 'is no pointer', { place })
}
