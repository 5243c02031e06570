// How much training the hour allows: published for whoever plans, and enforced by nobody (CAL-05; the schedule is SCHED-01).

import type { Span, TrainingLoad } from '../calendar.ts'

const LOADS = Object.freeze({
  maintenance: { level: 'intensive', everyMinutes: 10 },
  closed: { level: 'intensive', everyMinutes: 15 },
  open: { level: 'light', everyMinutes: 60 },
} as const satisfies Record<string, TrainingLoad>)

/** @example trainingLoad(true, 'lunch') // { level: 'light', everyMinutes: 60 } */
export function trainingLoad(open: boolean, span: Span): TrainingLoad {
  if (open) return LOADS.open
  return span === 'maintenance' ? LOADS.maintenance : LOADS.closed
}
