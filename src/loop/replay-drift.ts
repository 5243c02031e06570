// Drift in a replay: what the clock looks at every five minutes is looked at every sixth of a cycle, and answers from the bars alone, so that a
// run that goes on where it stopped asks for the same trainings (SCHED-01, SCHED-03).

import type { Clock } from '../base/clock.ts'
import { type RetrainingRequest, requestOf } from '../feedback/request.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import { checkDrift } from './check-drift.ts'
import type { Market } from './import-series.ts'
import { driftLimits } from './limits-of.ts'
import type { Settings } from './settings.ts'

/** A cycle of a replay stands for the half hour between two slots of the clock. */
const CYCLE_MINUTES = 30
const LOOK_MINUTES = 5

export type ReplayDriftOptions = {
  readonly market: Market
  readonly table: CandidateTable
  readonly settings: Settings
  readonly everyBars: number
  readonly clock: Clock
  readonly inCharge: () => ModelSet | undefined
}

export interface ReplayDrift {
  /** The gravest request at this bar. */
  ask(bar: number): RetrainingRequest | undefined
  /** It was granted: the model waits for its cooldown. */
  granted(request: RetrainingRequest): void
}

export function replayDrift({ market, table, settings, everyBars, clock, inCharge }: ReplayDriftOptions): ReplayDrift {
  const { series, instrument } = market
  const everyLook = Math.max(1, Math.round((everyBars * LOOK_MINUTES) / CYCLE_MINUTES))
  const cooldownMs = (settings.drift.cooldownMinutes / CYCLE_MINUTES) * everyBars * series.barMs
  const limits = { ...driftLimits(settings), cooldownMs }
  const asked = new Map<string, number>()
  return {
    ask(bar) {
      const set = inCharge()
      if (!settings.drift.inReplay || set === undefined || bar % everyLook !== 0) return undefined
      const now = clock.now()
      const options = { table, asOf: now, minExpectedR: settings.brain.minExpectedR, step: instrument.step }
      return checkDrift(set, options, asked, limits)
        .flatMap(
          ({ role, signals }) => requestOf({ model: role, signals, now, lastAt: asked.get(role), cooldownMs }) ?? [],
        )
        .toSorted((a, b) => Math.abs(b.signal.value) - Math.abs(a.signal.value))[0]
    },
    granted({ model }) {
      asked.set(model, clock.now())
    },
  }
}
