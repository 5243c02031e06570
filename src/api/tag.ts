// Tags of answers: whoever has seen one is not sent it again, and may change only what is still as it was seen (API-03).

import { serializerCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { sha256 } from '../base/hash.ts'
import type { Api } from './api.ts'

/** @param text the answer as it is sent */
const tagOf = (text: string): string => `"${sha256(text).slice(0, 32)}"`

/** The tag that a GET of this answer carries. */
export function answerTag<T extends z.ZodType>(schema: T, url: string): (answer: z.input<T>) => string {
  const serialize = serializerCompiler({ schema, method: 'GET', url, httpStatus: '200' })
  return answer => tagOf(serialize(answer))
}

/** Tags whole answers, so that an unchanged one is not sent again. */
export function tagAnswers(api: Api): void {
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.routeOptions.config.etag !== true || typeof payload !== 'string' || reply.statusCode !== 200)
      return payload
    const tag = tagOf(payload)
    reply.header('etag', tag)
    if (request.headers['if-none-match'] !== tag) return payload
    reply.code(304)
    return ''
  })
}
