// Whether a row has the source of every column that the models were trained with (FEAT-03).

import type { CandidateTable } from './candidate-table.ts'
import type { Reason } from './decision.ts'
import type { ModelLease } from './models-in-charge.ts'

const bits = (mask: number): number => mask.toString(2).replaceAll('0', '').length

/** How many of the columns that the models learned from the row has, of how many; undefined where it has all. */
export function missingColumns(
  { featureMask }: Pick<ModelLease, 'featureMask'>,
  table: CandidateTable,
  row: number,
): Reason | undefined {
  const present = featureMask & table.mask[row]!
  return present === featureMask
    ? undefined
    : { code: 'FEATURE_MISSING', value: bits(present), limit: bits(featureMask) }
}
