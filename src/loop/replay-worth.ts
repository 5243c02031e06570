// Was it worth training again, in a replay: told by the scores that gate G10 compares, kept with the cycle and in the training's report (SCHED-05).

import { canonicalJson } from '../base/canonical-json.ts'
import { type Retraining, type Worth, worthOf, worthShares } from '../feedback/worth.ts'
import type { JudgeOptions } from '../serving/judge.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { CycleRecord } from './cycle-record.ts'

type Ask = JudgeOptions['gateContext']

/** The retrainings of a run so far. */
export const retrainingsOf = (cycles: readonly CycleRecord[]): readonly Retraining[] =>
  cycles.flatMap(({ training }) => training?.retraining ?? [])

/** The row with why it ran, what it was worth, and the running shares of those that helped. @param all of the run, this one last */
export function withRetrainings(row: TrainingRow, all: readonly Retraining[]): TrainingRow {
  const report = JSON.parse(row.report) as object
  return { ...row, report: canonicalJson({ ...report, retraining: { ...all.at(-1), shares: worthShares(all) } }) }
}

/**
 * The same questions, and what the candidate's scores against the set in charge came to; null where G10 was not asked, or nobody was in charge.
 *
 * @example const watched = watchedScores(gateQuestion(ask)) // hand in `watched.ask`, then read `watched.worth()`
 */
export function watchedScores(ask: Ask): { readonly ask: Ask; readonly worth: () => Worth | null } {
  let worth: Worth | null = null
  return {
    worth: () => worth,
    async ask(release, candidate, champion) {
      const context = await ask(release, candidate, champion)
      const { score } = context
      if (score === undefined || champion === undefined || !candidate.ok) return context
      return {
        ...context,
        score(mine, theirs) {
          const scores = score(mine, theirs)
          if (mine === candidate.value && theirs === champion) worth = worthOf(scores) ?? null
          return scores
        },
      }
    },
  }
}
