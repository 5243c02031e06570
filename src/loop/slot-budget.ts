// The day's CPU minutes around one training slot, and what its training came to beside its release (SCHED-04, SCHED-05).

import { canonicalJson } from '../base/canonical-json.ts'
import type { Severity } from '../feedback/signal.ts'
import { type Cause, type Worth, worthShares } from '../feedback/worth.ts'
import type { TrainingRow } from '../trading/journal.ts'
import { planTrainings } from '../training/budget.ts'
import { spend, spentToday } from '../training/budget-day.ts'
import { retrainingBook } from './retraining-book.ts'
import type { SlotWork } from './slot-work.ts'

const HOUR_MS = 3_600_000
const GRAVITY: Readonly<Record<Severity, number>> = { critical: 1, high: 0.6, medium: 0.3, low: 0.1 }

type Work = Pick<SlotWork, 'pipeline' | 'state' | 'ports' | 'onEvent'>

const bookOf = ({ state, ports }: Work) => retrainingBook(ports.disk, state.directory)

const maxAgeMs = ({ ports }: Work): number => ports.settings.training.maxModelAgeHours * HOUR_MS

/** Why the slot's training does not fit into the day; undefined where it does. */
export async function overBudget(cause: Cause, work: Work): Promise<string | undefined> {
  const { pipeline, ports } = work
  const now = ports.clock.now()
  const book = bookOf(work)
  const [{ releasedAt }, budget] = [await book.of(pipeline), await book.budget()]
  const waiting = {
    pipeline,
    drift: cause.kind === 'drift' ? GRAVITY[cause.severity] : 0,
    ageMs: releasedAt === null ? null : Math.max(0, now - releasedAt),
    // All of the account rests on the one pipeline of this loop.
    exposure: 1,
    cpuMs: budget.last[pipeline] ?? null,
  }
  const { cpuMinutesPerDay } = ports.settings.training.budget
  const plan = planTrainings([waiting], {
    cpuMinutesPerDay,
    spentMs: spentToday(budget, now),
    maxAgeMs: maxAgeMs(work),
  })
  const [left] = plan.left
  return left === undefined ? undefined : `skipped: over training.budget.cpuMinutesPerDay: ${left.reason}`
}

/** Counts what a training takes, however it ends. */
export async function counted<T>(work: Work, train: () => Promise<T>): Promise<T> {
  const { pipeline, state, ports } = work
  const cpu = async () => (await ports.machine(state.directory)).cpuMs
  const before = await cpu()
  try {
    return await train()
  } finally {
    const took = (await cpu()) - before
    await bookOf(work).write(pipeline, (own, budget) => [own, spend(budget, pipeline, took, ports.clock.now())])
  }
}

/** The row with why it ran, what it was worth, and the running shares of those that helped. */
export async function entered(
  row: TrainingRow,
  { cause, worth }: { readonly cause: Cause; readonly worth: Worth | null },
  work: Work,
): Promise<TrainingRow> {
  const { pipeline, ports } = work
  const book = bookOf(work)
  await book.write(pipeline, (own, budget) => {
    const made = row.status === 'released' ? { releasedAt: ports.clock.now(), aged: false } : {}
    return [{ ...own, ...made, retrainings: [...own.retrainings, { cause, worth }] }, budget]
  })
  const shares = worthShares((await book.of(pipeline)).retrainings)
  const compared = shares.reduce((sum, share) => sum + share.compared, 0)
  const helped = shares.reduce((sum, share) => sum + share.helped, 0)
  if (compared > 0) ports.meter?.note('helpedRatio', helped / compared)
  const report = JSON.parse(row.report) as Record<string, unknown>
  return { ...row, report: canonicalJson({ ...report, retraining: { cause, worth, shares } }) }
}

/** Tells once that the newest release has become too old. */
export async function watchAge(work: Work): Promise<void> {
  const { pipeline, ports, onEvent } = work
  const now = ports.clock.now()
  const book = bookOf(work)
  const { releasedAt, aged } = await book.of(pipeline)
  if (releasedAt === null || aged || now - releasedAt <= maxAgeMs(work)) return
  await book.write(pipeline, (own, budget) => [{ ...own, aged: true }, budget])
  const maxHours = ports.settings.training.maxModelAgeHours
  ports.log.write('warn', 'training.age', `no release of ${pipeline} for more than ${maxHours} hours`)
  onEvent({ type: 'modelAged', at: now, releasedAt, maxHours })
}
