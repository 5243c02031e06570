// Text that should be JSON, as the first step of a schema.

import { z } from 'zod'

/** @example jsonText.pipe(z.object({ a: z.number() })).safeParse('{"a":1}').data // { a: 1 } */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('is no JSON')
    return z.NEVER
  }
})
