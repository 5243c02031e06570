// Columns whose source is not the bars: quotes and depth have no feed here; candidates, outcomes and news are known on a higher floor only.

import type { FeatureColumn } from '../market/feature-schema.ts'
import type { Feature, Source } from './feature.ts'

/** A feature that no bar can move: it stays at its neutral value, and its mask bit is set by whoever has the source (FEAT-03). */
export function unsourced(column: FeatureColumn, source: Exclude<Source, 'bars' | 'volume'>): Feature<null> {
  const neutral = column.neutral ?? Number.NaN
  return { column, needs: [source], warmup: 0, init: () => null, update: () => neutral }
}
