// Column 16: the largest importance (0.25, 0.5, 1) x exp(-|minutes| / 30) over scheduled events. The book of candidates has the table of events.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

export const newsImpact = unsourced(
  column('news_impact', [0, 1], { neutral: 0, parameters: { minutes: 30 } }),
  'events',
)
