// The table of BRN-02: which regime a volatility and a trend strength belong to, given the regime before.

/** By index, as BRN-02 numbers them. */
export const BRAIN_REGIMES = ['Normal', 'Trending', 'Ranging', 'HighVolatility', 'LowVolatility'] as const
export type BrainRegime = (typeof BRAIN_REGIMES)[number]

/** Where a regime begins and where it ends; between the two the past decides. */
export type Band = { readonly enter: number; readonly leave: number }

export type RegimeBands = {
  /** Of `a`, ATR14 over its usual value. */
  readonly highVolatility: Band
  readonly lowVolatility: Band
  /** Of |z|, the rise of the trend line over its window in ATRs and root bars. */
  readonly trending: Band
  readonly ranging: Band
}

export const DEFAULT_BANDS: RegimeBands = {
  highVolatility: { enter: 1.4, leave: 1.3 },
  lowVolatility: { enter: 0.8, leave: 0.9 },
  trending: { enter: 0.8, leave: 0.6 },
  ranging: { enter: 0.3, leave: 0.45 },
}

/** In at `enter`, out below `leave`. */
const above = (value: number, { enter, leave }: Band, inside: boolean) => value >= (inside ? leave : enter)
/** In at `enter`, out above `leave`. */
const below = (value: number, { enter, leave }: Band, inside: boolean) => value <= (inside ? leave : enter)

/**
 * The first row of the table that holds.
 *
 * @param a NaN while unknown: then volatility is neither high nor low
 * @example regimeOf(1.35, 0.5, 'HighVolatility', DEFAULT_BANDS) // 'HighVolatility', but from 'Normal' it is 'Normal'
 */
export function regimeOf(a: number, z: number, current: BrainRegime, bands: RegimeBands): BrainRegime {
  if (above(a, bands.highVolatility, current === 'HighVolatility')) return 'HighVolatility'
  if (below(a, bands.lowVolatility, current === 'LowVolatility')) return 'LowVolatility'
  if (above(Math.abs(z), bands.trending, current === 'Trending')) return 'Trending'
  if (below(Math.abs(z), bands.ranging, current === 'Ranging')) return 'Ranging'
  return 'Normal'
}
