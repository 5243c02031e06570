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

/** Filters that all lists have. */
export const pageQuery = z.strictObject({
  run: runName.optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  cursor: z.string().max(200).optional(),
  limit: limitText,
  order: z.enum(['newest', 'oldest']).default('newest'),
})
