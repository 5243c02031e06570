// What a graph says in its metadata of the columns that it was trained on (EXPORT-01), held against the release that carries it.

import { Fault } from '../base/fault.ts'

type Metadata = Readonly<Record<string, string>>

/**
 * A graph trained on other columns, or on the same ones in another order, has the same shape and answers nonsense (FEAT-05). One that
 * names no schema was not made here: of it only width and parity are known.
 *
 * @param schemaSha256 of the `features.json` beside it
 * @throws Fault `FEATURE_SCHEMA`
 */
export function checkClaimedSchema({ schemaSha256: claimed }: Metadata, schemaSha256: string, place: string): void {
  if (claimed === undefined || claimed === schemaSha256) return
  const [theirs, ours] = [claimed, schemaSha256].map(hash => hash.slice(0, 12))
  throw new Fault('FEATURE_SCHEMA', `was trained on the columns ${theirs}, those of its release are ${ours}`, {
    place,
    fix: 'use a model that was trained on exactly these columns in this order',
  })
}

/**
 * Bit i: the graph learned from column i of the 17, and a row without its source is none of its business (FEAT-03). 0 where it does not say.
 *
 * @throws Fault `FEATURE_SCHEMA` where it is no such number
 */
export function claimedMask({ featureMask = '0' }: Metadata, place: string): number {
  const mask = Number(featureMask)
  if (/^\d{1,6}$/.test(featureMask) && mask < 2 ** 17) return mask
  throw new Fault('FEATURE_SCHEMA', `its featureMask "${featureMask.slice(0, 20)}" is no set of the 17 columns`, {
    place,
    fix: 'export the model again',
  })
}
