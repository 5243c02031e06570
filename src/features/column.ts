// How a feature describes its column of the schema.

import type { FeatureColumn, FeatureMode } from '../market/feature-schema.ts'

export type ColumnOptions = {
  readonly parameters?: Readonly<Record<string, number | string>>
  /** Default: made from bars. */
  readonly mode?: FeatureMode
  /** Default null: a row cannot exist without the column. */
  readonly neutral?: number | null
}

/** @param range values expected in practice; sanity vectors are drawn from it, nothing is clipped to it */
export function column(
  name: string,
  range: readonly [number, number],
  { parameters = {}, mode = 'bars', neutral = null }: ColumnOptions = {},
): FeatureColumn {
  return {
    name,
    version: 1,
    dtype: 'float32',
    parameters,
    mode,
    neutral,
    range,
    missing: neutral === null ? 'refuse' : 'neutral',
  }
}
