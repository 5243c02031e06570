// Which trainings fit into the day's CPU minutes, the most promising per minute first (SCHED-04).

export type WaitingTraining = {
  /** What is to be trained: channel and symbol. */
  readonly pipeline: string
  /** Severity of the gravest drift, 0 to 1; 0 without one. */
  readonly drift: number
  /** Of the model in charge; null where there is none, which is the most pressing age. */
  readonly ageMs: number | null
  /** Share of the account that rests on it, 0 to 1. */
  readonly exposure: number
  /** What the last training took; null where none is known. */
  readonly cpuMs: number | null
}

export type Budget = {
  readonly cpuMinutesPerDay: number
  /** Of today. */
  readonly spentMs: number
  /** `training.maxModelAgeHours`. */
  readonly maxAgeMs: number
}

export type BudgetPlan = {
  /** In the order in which they are to run. */
  readonly run: readonly WaitingTraining[]
  readonly left: readonly { readonly training: WaitingTraining; readonly reason: string }[]
}

const MINUTE_MS = 60_000
/** What a training that never ran is taken to cost: it has to run once to be known. */
const UNKNOWN_MS = MINUTE_MS

/** Drift and age in units of what is put up with; both count double where everything rests on the model. */
function gainOf({ drift, ageMs, exposure }: WaitingTraining, maxAgeMs: number): number {
  return (drift + (ageMs === null ? 1 : Math.min(2, ageMs / maxAgeMs))) * (1 + exposure)
}

const costOf = ({ cpuMs }: WaitingTraining): number => cpuMs ?? UNKNOWN_MS

const minutes = (ms: number): string => (ms / MINUTE_MS).toFixed(1)

/**
 * A cheap one further back may run where a dear one no longer fits: minutes that are left over help nobody. Equal gains go by name.
 *
 * @example planTrainings([], { cpuMinutesPerDay: 240, spentMs: 0, maxAgeMs: 86_400_000 }) // { run: [], left: [] }
 */
export function planTrainings(
  waiting: readonly WaitingTraining[],
  { cpuMinutesPerDay, spentMs, maxAgeMs }: Budget,
): BudgetPlan {
  const worthPerMinute = (one: WaitingTraining) => gainOf(one, maxAgeMs) / costOf(one)
  const queue = [...waiting].sort((a, b) => worthPerMinute(b) - worthPerMinute(a) || (a.pipeline < b.pipeline ? -1 : 1))
  const run: WaitingTraining[] = []
  const left: BudgetPlan['left'][number][] = []
  let freeMs = cpuMinutesPerDay * MINUTE_MS - spentMs
  for (const training of queue) {
    const cost = costOf(training)
    if (cost <= freeMs) {
      run.push(training)
      freeMs -= cost
      continue
    }
    const free = minutes(Math.max(0, freeMs))
    const reason = `${minutes(cost)} CPU minutes are needed, ${free} of ${cpuMinutesPerDay} are left today`
    left.push({ training, reason })
  }
  return { run, left }
}
