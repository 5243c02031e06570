// What each GET answers, by its path: the page is built with these types, and a test holds the routes against them.

import { z } from 'zod'
import { pageOf } from './common.ts'
import { resumePreviewSchema } from './control.ts'
import { drillsSchema } from './drills.ts'
import { readySchema } from './health.ts'
import {
  barsSchema,
  decisionSchema,
  equitySchema,
  explanationSchema,
  fillSchema,
  orderSchema,
  tradeSchema,
} from './market.ts'
import { leaderSchema, positionSchema } from './reading.ts'
import { inChargeSchema, releaseDetailSchema, releaseSchema, timelineSchema } from './releases.ts'
import { alertSchema, runSchema, statusSchema } from './status.ts'
import { trainingDetailSchema, trainingsSchema } from './trainings.ts'

const itemsOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

export const ANSWERS = {
  '/api/status': statusSchema,
  '/api/runs': pageOf(runSchema),
  '/api/bars': barsSchema,
  '/api/equity': equitySchema,
  '/api/decisions': pageOf(decisionSchema),
  '/api/decisions/:seq/explain': explanationSchema,
  '/api/orders': pageOf(orderSchema),
  '/api/fills': pageOf(fillSchema),
  '/api/trades': pageOf(tradeSchema),
  '/api/positions': itemsOf(positionSchema),
  '/api/releases': pageOf(releaseSchema),
  '/api/releases/:name': releaseDetailSchema,
  '/api/leaderboard': itemsOf(leaderSchema),
  '/api/models/history': inChargeSchema,
  '/api/models/timeline': timelineSchema,
  '/api/trainings': trainingsSchema,
  '/api/trainings/:id': trainingDetailSchema,
  '/api/alerts': pageOf(alertSchema),
  '/api/drills': drillsSchema,
  '/api/trading/resume': resumePreviewSchema,
  '/readyz': readySchema,
} as const

export type Answers = { readonly [P in keyof typeof ANSWERS]: z.infer<(typeof ANSWERS)[P]> }
