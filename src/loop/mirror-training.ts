// Recorded trainings in a mirror, where there is one. What the mirror cannot take is told to the log and to nobody else (SCHED-06).

import { z } from 'zod'
import type { TrainingRow } from '../trading/journal.ts'
import type { MirroredTraining, TrainingMirror } from '../trading/training-mirror.ts'
import type { Ports, State } from './ports.ts'

/** Of a report, the figures that travel. */
const metric = z.looseObject({ value: z.number().nullable() })
const reportSchema = z.looseObject({
  verdict: z.string().optional(),
  trials: z.number().optional(),
  roles: z.record(z.string(), z.looseObject({ holdout: z.record(z.string(), metric) })).optional(),
  snapshotId: z.string().optional(),
})

const present = (values: Readonly<Record<string, string | number | null | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, `${value}`]])))

/** @param endedAt ms UTC */
export function mirroredTraining(row: TrainingRow, endedAt: number): MirroredTraining {
  const { trainingId, status, symbol, asOf, rows, effectiveRows, release, fault, durationMs, runId, number } = row
  const { roles = {}, verdict, trials, snapshotId } = reportSchema.parse(JSON.parse(row.report))
  const holdout = Object.entries(roles).flatMap(([role, figures]) =>
    Object.entries(figures.holdout).flatMap(([name, { value }]): [string, number][] =>
      value === null ? [] : [[`${role}/${name}`, value]],
    ),
  )
  return {
    trainingId,
    startedAt: endedAt - (durationMs ?? 0),
    endedAt,
    status,
    params: present({ symbol, asOf: new Date(asOf).toISOString(), number, trials }),
    metrics: Object.fromEntries([
      ...holdout,
      ...(rows === null ? [] : [['rows', rows] as const]),
      ...(effectiveRows === null ? [] : [['effectiveRows', effectiveRows] as const]),
    ]),
    tags: present({
      'ratchet.status': status,
      'ratchet.fault': fault,
      'ratchet.run': runId,
      'ratchet.verdict': verdict,
      'ratchet.data': snapshotId,
      'ratchet.release': release?.releaseId,
      'ratchet.manifest': release?.manifestSha256,
    }),
  }
}

/** After a failure nothing is sent for so long: whoever trains often must not wait each time. */
const REST_MS = 60_000

type MirrorPorts = Pick<Ports, 'clock' | 'stopwatch' | 'log'>

/**
 * A state whose trainings go to the mirror too, once they are recorded. Recording waits for the mirror, which gives up by itself, and never
 * fails by it.
 */
export function mirroredState(state: State, mirror: TrainingMirror, { clock, stopwatch, log }: MirrorPorts): State {
  const { journal } = state
  let restsUntil = Number.NEGATIVE_INFINITY
  return {
    ...state,
    journal: {
      ...journal,
      async recordTraining(row) {
        await journal.recordTraining(row)
        if (stopwatch.now() < restsUntil) return
        try {
          await mirror.record(mirroredTraining(row, clock.now()))
        } catch (cause) {
          restsUntil = stopwatch.now() + REST_MS
          log.write('warn', 'training.mirror', `${row.trainingId} is not in the mirror: ${String(cause)}`)
        }
      },
    },
  }
}
