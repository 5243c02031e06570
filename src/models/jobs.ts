// What the threads of a crew can do for the models: every job by its name.

import type { CrewJobs } from './crew.ts'
import { valueShare } from './rl/value-part.ts'
import { binColumns } from './trees/bins.ts'
import { forestShare } from './trees/forest-share.ts'
import { valueForestShare } from './trees/value-forest-share.ts'

export const crewJobs = {
  bins: binColumns,
  forest: forestShare,
  value: valueShare,
  values: valueForestShare,
} satisfies CrewJobs
