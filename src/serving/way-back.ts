// Which sets come after the active one when it fails: previous, second previous, and so on; never a blocked one (SRV-03).

import { handoversOf } from './history.ts'
import type { Installation } from './installation.ts'

/**
 * Digests that were in charge of the slot, last first, each once, without blocked ones.
 *
 * @param first digests to try before the history's
 */
export async function wayBack(
  { registry, slot }: Pick<Installation, 'registry' | 'slot'>,
  first: readonly (string | null)[] = [],
): Promise<string[]> {
  const handovers = handoversOf(await registry.events(), slot.name)
  const known = [...first, ...handovers.map(({ to }) => to).reverse()].filter(digest => digest !== null)
  const allowed: string[] = []
  for (const digest of new Set(known)) if ((await registry.blockOf(digest)) === undefined) allowed.push(digest)
  return allowed
}
