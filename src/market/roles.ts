// Which of a candidate's 17 columns each standard role reads, by index, and the columns that only the sizer has.

/** Columns in the order of FEAT-02. */
export const FEATURE_NAMES = [
  'price',
  'atr',
  'rsi',
  'ema20',
  'ema50',
  'volume',
  'spread',
  'volatility',
  'bid_ask_imbalance',
  'order_book_imbalance',
  'tick_direction',
  'signal_strength',
  'prior_win_rate',
  'avg_r_multiple',
  'drawdown_risk',
  'news_impact',
  'liquidity_risk',
] as const
export type FeatureName = (typeof FEATURE_NAMES)[number]

const indices = (...names: FeatureName[]): readonly number[] => names.map(name => FEATURE_NAMES.indexOf(name))

export const META_COLUMNS: readonly number[] = FEATURE_NAMES.map((_, index) => index)

export const EXECUTION_COLUMNS: readonly number[] = indices(
  'price',
  'atr',
  'rsi',
  'volume',
  'spread',
  'volatility',
  'bid_ask_imbalance',
  'order_book_imbalance',
  'tick_direction',
  'signal_strength',
  'liquidity_risk',
)

/** The sizer reads these and then `session_r` and `account_drawdown`. */
export const SIZER_COLUMNS: readonly number[] = indices(
  'price',
  'atr',
  'rsi',
  'volume',
  'signal_strength',
  'prior_win_rate',
  'avg_r_multiple',
  'drawdown_risk',
)
export const SIZER_EXTRA = ['session_r', 'account_drawdown'] as const
