// The age of the set in charge of a replay, in bars: told of when it passes a limit, and from the second on a reason to enter nothing (SRV-24).

import type { Bar } from '../market/bar.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type Staleness, staleInBars, stalenessOf } from '../serving/staleness.ts'
import type { Reason } from '../trading/decision.ts'
import { firstBarAfter } from './gate-evidence.ts'

export type ReplayStalenessOptions = {
  readonly bars: readonly Bar[]
  readonly everyBars: number
  /** Of the newest bar that is known. */
  readonly index: () => number
  readonly inCharge: () => ModelSet | undefined
}

export interface ReplayStaleness {
  /** Why nothing is entered now; the rule-based baseline does not age. */
  blocked(): Reason | undefined
  /** One sentence where another limit was passed since the last look, or none is any more. */
  look(): string | undefined
}

const SENTENCES: Readonly<Record<Staleness, string>> = {
  fresh: 'the model in charge is young enough again',
  warn: 'the model in charge gets old',
  reduceOnly: 'the model in charge is too old: nothing new is entered',
  halt: 'the model in charge is far too old: nothing is entered until another one takes charge',
}

export function replayStaleness(options: ReplayStalenessOptions): ReplayStaleness {
  const { bars, everyBars, index, inCharge } = options
  const limits = staleInBars(everyBars)
  let told: Staleness = 'fresh'
  const now = () => {
    const set = inCharge()
    const age = set === undefined ? 0 : index() + 1 - firstBarAfter(bars, set.windows.dataEnd)
    return { age, state: stalenessOf(age, limits) }
  }
  return {
    blocked() {
      const { age, state } = now()
      if (state === 'fresh' || state === 'warn') return undefined
      return { code: 'MODEL_STALE', value: age, limit: limits[state] }
    },
    look() {
      const { age, state } = now()
      if (state === told) return undefined
      told = state
      return `${SENTENCES[state]} (${age} bars since the end of its data)`
    },
  }
}
