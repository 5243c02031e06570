// The feature row of one series: all 17 features fed with the same bars.

import type { Bar } from '../market/bar.ts'
import type { Feature, FeatureContext } from './feature.ts'
import { FEATURES } from './index.ts'
import type { SeriesTraits } from './schema.ts'

/** No row before this many bars of history (FEAT-04). */
export const WARMUP_BARS = 200

/** Plain data: `JSON.parse(JSON.stringify(saved))` restores it bit for bit. */
export type FeatureRowState = { readonly bars: number; readonly states: readonly unknown[] }

export interface FeatureRow {
  update(bar: Bar): void
  /** The 17 raw values after the last bar: a view that the next update overwrites. Columns of other sources are neutral. */
  readonly values: Float64Array
  /** Bit i set: column i has its source here (bars, and volume where the series has it). */
  readonly mask: number
  /** 200 bars have been seen. */
  readonly ready: boolean
  save(): FeatureRowState
  load(saved: FeatureRowState): void
}

/**
 * @example
 * const row = featureRow({ instrument, calendar, barMs: 60_000 }, { hasVolume: true })
 * for (const bar of bars) row.update(bar)
 * row.values[FEATURE_NAMES.indexOf('rsi')] // 55.2
 */
export function featureRow(context: FeatureContext, { hasVolume }: SeriesTraits): FeatureRow {
  const values = new Float64Array(FEATURES.length)
  const live: { readonly index: number; readonly feature: Feature<unknown> }[] = []
  let mask = 0
  for (const [index, feature] of FEATURES.entries()) {
    const sourced = feature.needs.every(source => source === 'bars' || (source === 'volume' && hasVolume))
    if (sourced) {
      live.push({ index, feature })
      mask |= 1 << index
    } else {
      values[index] = feature.column.neutral ?? 0
    }
  }
  let states = live.map(({ feature }) => feature.init(context))
  let bars = 0
  return {
    values,
    mask,
    get ready() {
      return bars >= WARMUP_BARS
    },
    update(bar) {
      for (let i = 0; i < live.length; i++) {
        const { index, feature } = live[i]!
        values[index] = feature.update(states[i], bar)
      }
      bars++
    },
    save: () => structuredClone({ bars, states }),
    load(saved) {
      bars = saved.bars
      states = structuredClone([...saved.states])
    },
  }
}
