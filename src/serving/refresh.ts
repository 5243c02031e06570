// The refresh class (SRV-21): the recipe of the set in charge on newer data, once that set is past its age. It is to replace it, not to
// resemble or to beat it.

import type { Outcome } from '../base/fault.ts'
import type { ModelSet } from './model-set.ts'

/** A champion is old after so long, where time is not counted in bars. */
export const CHAMPION_AGE_MS = 86_400_000

type Made = Pick<ModelSet, 'recipe' | 'windows'>

/** @param old whether the champion is past its age */
export function isRefresh(
  candidate: Outcome<Made>,
  champion: Made | undefined,
  old: (champion: Made) => boolean,
): boolean {
  if (!candidate.ok || champion === undefined) return false
  const { recipe, windows } = candidate.value
  const same = recipe !== undefined && recipe === champion.recipe
  return same && windows.dataEnd > champion.windows.dataEnd && old(champion)
}
