// What the brain's optional sizer sees before a trade (BRN-11): sixteen numbers of about unit size, in a fixed order. The day's result so
// far is among them, without which the price of a bad day would not be a function of the state.

export type BrainSituation = {
  /** Volatility in the brain's unit; 2 and above count as 1. */
  readonly volatility: number
  /** Points since the bar before. */
  readonly priceChange: number
  /** Volume over its running mean. */
  readonly volumeRatio: number
  /** Points. */
  readonly atr: number
  /** -1 to 1. */
  readonly trend: number
  readonly strategyConfidence: number
  /** Mean of the chosen arm in R. */
  readonly mu: number
  /** Such as S2; strategies without a code of their own count as 0. */
  readonly strategy: string
  readonly direction: 'Down' | 'Sideways' | 'Up'
  readonly directionProbability: number
  /** Time of day in the exchange's zone, 0 to 1. */
  readonly dayFraction: number
  /** Share of the drawdown limit that is used, 0 to 1. */
  readonly drawdownUsed: number
  /** Profit of the day over the daily loss limit. */
  readonly dailyShare: number
  /** Made today. */
  readonly decisions: number
  /** Of the last 50 closed trades. */
  readonly wins: number
  readonly closed: number
}

export const BRAIN_STATE_WIDTH = 16

const STRATEGY_CODES: Readonly<Record<string, number>> = { S2: 0.25, S3: 0.5, S6: 0.75, S11: 1 }
const DIRECTION_CODES = { Down: 0, Sideways: 0.5, Up: 1 } as const

/** Trades that a win rate of one half weighs: the shrinkage of the feature `prior_win_rate`. */
const PRIOR = 10

/**
 * @param state of length 16, which is written
 * @example
 * brainState({ ...situation, strategy: 'S3' }, new Float32Array(16))[7] // 0.5
 */
export function brainState(now: BrainSituation, state: Float32Array): Float32Array {
  const angle = 2 * Math.PI * now.dayFraction
  const code = Object.hasOwn(STRATEGY_CODES, now.strategy) ? STRATEGY_CODES[now.strategy]! : 0
  state.set([
    Math.min(1, now.volatility / 2),
    Math.tanh(now.priceChange / 20),
    now.volumeRatio / 3,
    now.atr / 5,
    now.trend,
    now.strategyConfidence,
    now.mu,
    code,
    now.directionProbability,
    DIRECTION_CODES[now.direction],
    Math.sin(angle),
    Math.cos(angle),
    now.drawdownUsed,
    now.dailyShare,
    now.decisions / 50,
    (now.wins + PRIOR / 2) / (now.closed + PRIOR),
  ])
  return state
}
