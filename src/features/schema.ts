// The feature schema of a series: per standard role the ordered columns of its model's input (FEAT-05).

import type { FeatureColumn, FeatureSchema } from '../market/feature-schema.ts'
import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import { column } from './column.ts'
import type { FeatureContext } from './feature.ts'
import { FEATURES } from './index.ts'

export type SeriesTraits = {
  /** False where volume is 0 throughout: columns 6 and 17 are then neutral 0 (FEAT-02a). */
  readonly hasVolume: boolean
}

/** State of the account, known to the sizer only: R of the running session, and the share of the drawdown limit that is used. */
const SIZER_STATE: Readonly<Record<(typeof SIZER_EXTRA)[number], FeatureColumn>> = {
  session_r: column('session_r', [-20, 20], { neutral: 0 }),
  account_drawdown: column('account_drawdown', [0, 1], { neutral: 0 }),
}

/** The 17 columns of a series. The length of a bar is a parameter of each: a model of daily bars is not one of minutes. */
export function featureColumns({ barMs }: FeatureContext, { hasVolume }: SeriesTraits): readonly FeatureColumn[] {
  return FEATURES.map(({ column, needs }): FeatureColumn => {
    const sized = { ...column, parameters: { ...column.parameters, barMs } }
    const unheard = !hasVolume && needs.includes('volume')
    return unheard ? { ...sized, neutral: 0, missing: 'neutral' } : sized
  })
}

/** Columns of the roles `meta` (17), `execution` (11) and `rl_sizer` (8 + 2). */
export function roleSchema(context: FeatureContext, traits: SeriesTraits): FeatureSchema {
  const columns = featureColumns(context, traits)
  const pick = (indices: readonly number[]) => indices.map(index => columns[index]!)
  return {
    meta: pick(META_COLUMNS),
    execution: pick(EXECUTION_COLUMNS),
    rl_sizer: [...pick(SIZER_COLUMNS), ...SIZER_EXTRA.map(name => SIZER_STATE[name])],
  }
}
