// Whether the process lives, and whether it can do its work (OBS-03). Neither is ever limited.

import { z } from 'zod'
import { type Api, refusals } from '../api.ts'
import type { ServerOptions } from '../options.ts'
import type { Readiness } from '../readiness.ts'
import { readySchema } from '../schemas/health.ts'

const aliveSchema = z.object({ status: z.enum(['ok', 'dead']), version: z.string() })

/** A loop that has not turned for so long does nothing any more; the longest that one legally stands is some seconds. */
const DEAD_MS = 30_000

type HealthOptions = Pick<ServerOptions, 'version' | 'loopSilenceMs'> & { readonly readiness: Readiness }

export function healthRoutes(api: Api, { version, readiness, loopSilenceMs }: HealthOptions): void {
  for (const url of ['/healthz', '/health']) {
    api.get(
      url,
      {
        config: { unlimited: true, first: true },
        schema: {
          summary: 'The process lives and its loop turns',
          response: { 200: aliveSchema, 503: aliveSchema, default: refusals },
        },
      },
      (_request, reply) => {
        const dead = (loopSilenceMs?.() ?? 0) > DEAD_MS
        void reply.code(dead ? 503 : 200)
        return { status: dead ? ('dead' as const) : ('ok' as const), version }
      },
    )
  }
  api.get(
    '/readyz',
    {
      config: { unlimited: true, first: true },
      schema: {
        summary: 'Whether each part can do its work, and what goes on while it cannot',
        response: { 200: readySchema, 503: readySchema, default: refusals },
      },
    },
    async (_request, reply) => {
      const components = [...(await readiness())]
      const ready = components.every(({ state }) => state !== 'down')
      return reply.code(ready ? 200 : 503).send({ ready, components })
    },
  )
}
