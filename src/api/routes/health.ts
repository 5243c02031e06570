// Whether the process lives, and whether it can do its work (OBS-03). Neither is ever limited.

import { z } from 'zod'
import { type Api, refusals } from '../api.ts'
import type { Readiness } from '../readiness.ts'
import { readySchema } from '../schemas/health.ts'

const aliveSchema = z.object({ status: z.literal('ok'), version: z.string() })

export function healthRoutes(api: Api, version: string, readiness: Readiness): void {
  for (const url of ['/healthz', '/health']) {
    api.get(
      url,
      {
        config: { unlimited: true, first: true },
        schema: { summary: 'The process lives and its loop turns', response: { 200: aliveSchema, default: refusals } },
      },
      () => ({ status: 'ok' as const, version }),
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
