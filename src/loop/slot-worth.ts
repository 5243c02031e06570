// A retrained set against keeping the old one, before it is published: what surely does worse is not proposed (SCHED-05).

import { type Outcome, refused } from '../base/fault.ts'
import { type Worth, worthOf } from '../feedback/worth.ts'
import { decisionsOf, harmOf } from '../serving/gates/comparison.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { gateLimits } from './limits-of.ts'
import type { Ports } from './ports.ts'
import { type ScoreOptions, scoreSets } from './set-scores.ts'

export type SlotWorth = {
  /** Null where there is no old one, or no decision that both have not seen. */
  readonly worth: Worth | null
  /** Refusal: `NOT_BETTER`. */
  readonly proposed: Outcome<undefined>
}

const PROPOSED: Outcome<undefined> = { ok: true, value: undefined }

/**
 * The paper rule of gate G10, asked by whoever trains: a refresh must not be surely worse, and few decisions prove nothing.
 *
 * @param champion the set in charge
 */
export function slotWorth(
  candidate: ModelSet,
  champion: ModelSet | undefined,
  options: ScoreOptions,
  { settings }: Pick<Ports, 'settings'>,
): SlotWorth {
  if (champion === undefined) return { worth: null, proposed: PROPOSED }
  const scores = scoreSets(candidate, champion, options)
  const worth = worthOf(scores) ?? null
  const limits = gateLimits(settings)
  if (decisionsOf(scores) < limits.minPaperSamples) return { worth, proposed: PROPOSED }
  const { lossP, rP } = harmOf(scores, limits)
  const p = Math.min(lossP, rP)
  if (p >= limits.significance) return { worth, proposed: PROPOSED }
  const what = rP <= lossP ? 'earns less' : 'predicts worse'
  const sentence = `the new set ${what} than the one in charge on ${decisionsOf(scores)} decisions that neither has seen (p ${p.toFixed(3)})`
  return { worth, proposed: refused('NOT_BETTER', sentence, { fix: 'nothing: the old one is kept' }) }
}
