// Shapes that several answers share. Instants are ms UTC, money is dollars, prices are in the unit of the bars.

import { z } from 'zod'

export const instant = z.int().describe('ms UTC')
export const sideSchema = z.union([z.literal(1), z.literal(-1)]).describe('1 long, -1 short')
export const riskStateSchema = z.enum(['ACTIVE', 'REDUCING', 'HALTED'])

/** RFC 9457, with our stable code (API-02). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })),
  requestId: z.string(),
  hint: z.string().nullable(),
})
export type Problem = z.infer<typeof problemSchema>

/** One page of a list: `next` goes into `cursor` of the following request; null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })

export const gateResultSchema = z.object({
  gate: z.string(),
  /** What the gate asks, in a few words. */
  asks: z.string(),
  value: z.union([z.number(), z.string()]).nullable(),
  limit: z.union([z.number(), z.string()]).nullable(),
  result: z.enum(['pass', 'fail', 'notApplicable', 'error']),
  reason: z.string().nullable(),
  /** The paper profile relaxed it; a live bot would not have passed it on this evidence. */
  paper: z.boolean(),
  /** A person set its no aside. */
  overridden: z.object({ by: z.string(), reason: z.string() }).nullable(),
})
export type GateView = z.infer<typeof gateResultSchema>
