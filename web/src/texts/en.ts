// The English catalogue: one folder, a file for each part of the dashboard, ids unique over all of them.

import { chart } from './en/chart.ts'
import { frame } from './en/frame.ts'
import { glossary } from './en/glossary.ts'
import { market } from './en/market.ts'
import { models } from './en/models.ts'
import { overview } from './en/overview.ts'
import { training } from './en/training.ts'

export const en = { ...frame, ...glossary, ...chart, ...overview, ...market, ...models, ...training } as const
