// Candidate rows in columns: one row per stance of a strategy at a bar, with its features and, once resolved, its outcome (LABEL-01).

/** Width of the feature part of a row: the 17 columns of FEAT-02. */
export const FEATURE_COUNT = 17

export const SESSIONS = ['RTH', 'ETH'] as const
export const ROW_REGIMES = ['Range', 'Trend', 'Vol'] as const
export const LABEL_STATES = ['pending', 'final', 'void'] as const

/** Rows are in order of time, then strategy index. Columns are longer than `length`: the rest is room to grow. */
export type CandidateTable = {
  readonly symbol: string
  readonly strategies: readonly string[]
  length: number
  /** knownAt of the bar the stance was stated at, ms UTC. */
  time: Float64Array
  /** Index of that bar in the series: rows of one event share it. */
  bar: Int32Array
  strategy: Uint8Array
  /** 1 long, -1 short. */
  direction: Int8Array
  /** Index into SESSIONS. */
  session: Uint8Array
  /** Index into ROW_REGIMES. */
  regime: Uint8Array
  /** 1 where the strategy's firing condition held: only these may be traded. */
  fired: Uint8Array
  /** length x 17, row-major, raw values, the float32 that models see. */
  features: Float32Array
  /** Bit i set: column i had its source. */
  mask: Uint32Array
  baselineMultiplier: Float32Array
  /** ATR14 of the signal bar, in price. */
  atr: Float64Array
  /** Prices; entry is that of the barrier path (next open plus slippage), NaN until known. */
  entry: Float64Array
  stop: Float64Array
  target: Float64Array
  /** Index into LABEL_STATES. */
  state: Uint8Array
  /** 1 where r > 0; meaningful when final. */
  win: Uint8Array
  /** Net profit over planned loss; NaN unless final. */
  r: Float64Array
  /** Entry plus exit slippage in steps. */
  slip: Float32Array
  /** knownAt of the bar that resolved the row; NaN while pending. */
  labelEnd: Float64Array
}
