// The HTTP server: routes, what guards them, how errors are answered, how each request is measured.

import swagger from '@fastify/swagger'
import fastify, { type FastifyRequest } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { Fault } from '../base/fault.ts'
import { admission } from './admission.ts'
import type { Api } from './api.ts'
import { readBody } from './body.ts'
import { clockWatch } from './clock-watch.ts'
import { answerBadAddress, answerErrors } from './errors.ts'
import { guard } from './guard.ts'
import { idempotency } from './idempotency.ts'
import { loopbackOnly } from './loopback.ts'
import { metrics } from './metrics.ts'
import { API_LIMITS, type ServerOptions } from './options.ts'
import { rateLimit } from './rate-limit.ts'
import { readiness } from './readiness.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { controlRoutes } from './routes/control.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { documentRoutes } from './routes/documents.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { marketRoutes } from './routes/market.ts'
import { metricRoutes } from './routes/metrics.ts'
import { modelRoutes } from './routes/models.ts'
import { operatorRoutes } from './routes/operator.ts'
import { readingRoutes } from './routes/reading.ts'
import { resumeRoutes } from './routes/resume.ts'
import { sourceCheck } from './source-check.ts'
import { tagAnswers } from './tag.ts'

/** Bodies are JSON, and nothing else is read (API-06). */
function readBodies(api: Api): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      try {
        return readBody(bytes)
      } catch (cause) {
        if (request.routeOptions.config.anyBody === true) return undefined
        throw cause
      }
    },
  )
  api.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
    if (request.routeOptions.config.anyBody === true || bytes.length === 0) return undefined
    throw new Fault('MEDIA_TYPE', 'a body of type application/json is expected', { place: 'content-type' })
  })
}

/**
 * Builds the server; nothing listens yet. Every route is in the table of policies, or this throws.
 *
 * @example
 * const api = await buildServer(options)
 * (await api.inject('/healthz')).statusCode // 200
 */
export async function buildServer(options: ServerOptions): Promise<Api> {
  const { views, records, control, kill, keys, clock, timer, vitals, log, version, dashboard } = options
  const limits = { ...API_LIMITS, ...options.limits }
  const api: Api = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    // Looked after by Node in turns of half a minute unless it is told otherwise.
    http: { headersTimeout: limits.headerMs, connectionsCheckingInterval: Math.min(1000, limits.headerMs) },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    return503OnClosing: true,
    frameworkErrors: answerBadAddress,
  }).withTypeProvider<ZodTypeProvider>()
  api.setValidatorCompiler(validatorCompiler)
  api.setSerializerCompiler(serializerCompiler)
  answerErrors(api, log)
  readBodies(api)
  api.server.maxConnections = limits.connections
  const door = admission({
    clock,
    timer,
    active: limits.activeRequests,
    queued: limits.queuedRequests,
    waitMs: limits.queueMs,
  })
  api.server.on('connection', () => door.arrived())
  guard(api, {
    authorize: options.authorize ?? loopbackOnly,
    rates: {
      usual: rateLimit({ clock, requests: limits.requestsPerMinute, perMs: 60_000, burst: limits.burst }),
      costly: rateLimit({ clock, requests: limits.costlyPerHour, perMs: 3_600_000, burst: limits.costlyPerHour }),
    },
    admission: door,
  })
  tagAnswers(api)
  const measured = metrics({ ...options, sampleMs: limits.sampleMs })
  void measured.run()
  api.addHook('onResponse', async (request, reply) => {
    measured.observe({
      method: request.method,
      route: request.routeOptions.url ?? 'other',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
      code: reply.refusal,
    })
  })
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ratchet',
        version,
        description: 'Instants are ms UTC, money is dollars, prices are in the unit of the bars.',
      },
    },
    transform: jsonSchemaTransform,
  })
  const source = sourceCheck({ control, clock, timer })
  const time = clockWatch(clock)
  const stopWatch = options.onCall?.(time.hear)
  const { health, loopSilenceMs } = options
  const ready = readiness({ views, records, vitals, health, source, clockNews: time.news })
  healthRoutes(api, { version, readiness: ready, loopSilenceMs })
  metricRoutes(api, { metrics: measured, views, vitals, health, clock })
  modelRoutes(api, views)
  marketRoutes(api, views)
  readingRoutes(api, views)
  const once = idempotency({ clock, keepMs: limits.idempotencyMs, store: keys, log })
  controlRoutes(api, { control, kill, once })
  configurationRoutes(api, { control, once })
  resumeRoutes(api, { control, kill, views, once })
  operatorRoutes(api, { control, views, once })
  const events = eventRoutes(api, { records, control, clock, timer, log, limits })
  documentRoutes(api)
  await dashboardRoutes(api, dashboard, version)
  api.addHook('preClose', () => {
    measured.close()
    stopWatch?.()
    return events.close()
  })
  await api.ready()
  return api
}
