// Metrics as Prometheus text, and a summary for people and programs without Prometheus (OBS-04).

import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import type { Vitals } from '../../base/vitals.ts'
import type { Settings } from '../../loop/settings.ts'
import type { Views } from '../../loop/views/index.ts'
import { type Api, answers, refusals } from '../api.ts'
import type { Metrics } from '../metrics.ts'

const figure = z.object({ name: z.string(), value: z.number().nullable(), unit: z.string() })
const summarySchema = z.object({
  schema: z.literal('ratchet.metrics/1'),
  timestamp: z.int(),
  memoryUsageMB: z.number(),
  cpuTimeMs: z.number(),
  uptimeHours: z.number(),
  threadCount: z.int().nullable().describe('of the process; null where the system does not tell'),
  gcCollections: z.int().describe('of the thread that serves, since its start'),
  healthMetrics: z.array(figure),
  performanceMetrics: z.array(figure),
})

type MetricOptions = {
  readonly metrics: Metrics
  readonly views: Views
  readonly vitals: Vitals
  readonly health: Settings['health']
  readonly clock: Clock
}

export function metricRoutes(api: Api, { metrics, views, vitals, health, clock }: MetricOptions): void {
  api.get(
    '/metrics',
    {
      config: { unlimited: true },
      schema: {
        summary: 'Metrics for Prometheus',
        response: {
          200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } },
          default: refusals,
        },
      },
    },
    async (_request, reply) => {
      const { type, text } = await metrics.scrape()
      void reply.type(type)
      return text
    },
  )
  api.get(
    '/api/metrics.json',
    { schema: { summary: 'The figures that matter, as JSON', response: answers(summarySchema) } },
    async () => {
      const { account, counts } = await views.status()
      const { scored, accuracy, confidence, successRate, rMultiple } = await views.performance(
        health.minScoredPredictions,
      )
      const { residentBytes, memoryLimitBytes, cpuMs, uptimeMs, diskUsedRatio, loopLag, ...signs } =
        await vitals.signs()
      const { threadCount, gcCollections } = signs
      const figures = (unit: string, values: Readonly<Record<string, number | null>>) =>
        Object.entries(values).map(([name, value]) => ({ name, value, unit }))
      return {
        schema: 'ratchet.metrics/1' as const,
        timestamp: clock.now(),
        memoryUsageMB: residentBytes / 1024 / 1024,
        cpuTimeMs: cpuMs,
        uptimeHours: uptimeMs / 3_600_000,
        threadCount,
        gcCollections,
        healthMetrics: [
          ...figures('share', { diskUsed: diskUsedRatio, memoryUsed: residentBytes / memoryLimitBytes }),
          ...figures('ms', { eventLoopLagP99: Number.isFinite(loopLag.p99Ms) ? loopLag.p99Ms : null }),
        ],
        performanceMetrics: [
          ...figures('USD', { equity: account?.equity ?? null, openRisk: account?.openRisk ?? null }),
          ...figures('share', { drawdown: account?.drawdown ?? null, accuracy, confidence, successRate }),
          ...figures('R', { rMultiple }),
          ...figures('ms', { predictionTime: await metrics.predictionMs() }),
          ...figures('count', { ...counts, scoredPredictions: scored }),
        ],
      }
    },
  )
}
