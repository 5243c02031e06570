// Whatever a route throws, as a problem document; a bug is told to the log only.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Fault } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import type { Api } from './api.ts'
import { bugProblem, type Fields, problemOf } from './problem.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Code of the refusal that was answered. */
    refusal: string | undefined
  }
}

/** The framework's own refusals that a caller can cause. */
const OWN: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_LARGE', 'the body is larger than one MiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE', 'a body of type application/json is expected'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['REQUEST_INVALID', 'the body is not as long as was said'],
}

function fieldsOf(error: unknown): Fields {
  if (!hasZodFastifySchemaValidationErrors(error)) return []
  return error.validation.map(({ instancePath, message }) => ({
    path: [error.validationContext, ...instancePath.split('/').slice(1)].filter(Boolean).join('.'),
    message: message ?? 'is not as expected',
  }))
}

/** The refusal that an error means to its caller; undefined for a bug. */
function refusalOf(error: unknown, fields: Fields): Fault | undefined {
  if (error instanceof Fault) return error
  if (fields.length > 0) {
    const { path, message } = fields[0]!
    return new Fault('FORM_INVALID', `${path}: ${message}`, { fix: 'see /openapi.json for what is expected' })
  }
  const { code, statusCode } = error as Partial<FastifyError>
  const own = code === undefined ? undefined : OWN[code]
  if (own !== undefined) return new Fault(own[0], own[1], { cause: error })
  if (statusCode === 404) return new Fault('NOT_FOUND', 'there is nothing there', { cause: error })
  if (statusCode === undefined || statusCode >= 500) return undefined
  return new Fault('REQUEST_INVALID', 'the request is not one that is understood here', { cause: error })
}

export function answerErrors(api: Api, log: Log): void {
  api.decorateReply('refusal', undefined)
  api.setErrorHandler((error, request, reply) => {
    const fields = fieldsOf(error)
    const fault = refusalOf(error, fields)
    const context = { instance: request.url.split('?', 1)[0]!.slice(0, 200), requestId: request.id }
    if (fault === undefined) {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
      log.write('error', 'api.bug', 'a request could not be answered', { ...context, cause })
    }
    const problem = fault === undefined ? bugProblem(context) : problemOf(fault, context, fields)
    reply.refusal = problem.code
    if (problem.status === 503) reply.header('retry-after', 1)
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  })
}

/** What the framework refuses before any route or hook is asked, such as an address that cannot be decoded. */
export function answerBadAddress(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const fault = new Fault('REQUEST_INVALID', 'the address cannot be read', { place: 'url' })
  const problem = problemOf(fault, { instance: '', requestId: request.id })
  void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
