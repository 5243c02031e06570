// Times in signed documents: RFC 3339, UTC only, seconds or better.

import { z } from 'zod'

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|\+00:00)$/

/** Milliseconds since 1970, or undefined for text that is no such time. */
export function utcMs(text: string): number | undefined {
  const ms = UTC.test(text) ? Date.parse(text) : Number.NaN
  // Date.parse takes 31 February for 3 March; a real time comes back as it went in.
  const real = !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19)
  return real ? ms : undefined
}

/** @example utcText(0) // '1970-01-01T00:00:00.000Z' */
export const utcText = (ms: number): string => new Date(ms).toISOString()

export const utcSchema = z.string().refine(text => utcMs(text) !== undefined, 'must be an RFC 3339 time in UTC')
