// The server as our routes see it: types of requests and answers follow from the schemas that check them.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemSchema } from './schemas/common.ts'

export type Api = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** Every refusal of every route. */
export const refusals = {
  description: 'a refusal (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** One answer, and the refusals. */
export const answers = <T extends z.ZodType>(schema: T) => ({ 200: schema, default: refusals })

const wholeNumber = (text: RegExp) => z.string().regex(text, 'a whole number is expected').transform(Number)

/** ms UTC; before and after 1970. */
export const instantText = wholeNumber(/^-?\d{1,15}$/)
export const countText = wholeNumber(/^\d{1,9}$/)
export const runName = z.string().min(1).max(128)

const limitText = countText.pipe(z.int().min(1).max(500)).default(50)

/** How a page of any list is asked for. @param sorts columns that it may be sorted by, the usual one first */
export const listQuery = <S extends string>(sorts: readonly [S, ...S[]], order: 'newest' | 'oldest' = 'newest') =>
  z.strictObject({
    cursor: z.string().max(200).optional(),
    limit: limitText,
    order: z.enum(['newest', 'oldest']).default(order).describe('newest: the largest first'),
    sort: z.enum(sorts).default(sorts[0] as never),
  })

/** Filters that lists of records have. */
export const pageQuery = listQuery(['at']).extend({
  run: runName.optional(),
  from: instantText.optional(),
  to: instantText.optional(),
})
