// The rule detector of the market's regime, with hysteresis and a minimum dwell (BRN-02, REG-03).

import type { Ring } from '../../math/indicators/ring.ts'
import { push, ring } from '../../math/indicators/ring.ts'
import { slope } from '../../math/indicators/slope.ts'
import type { SessionMedianState } from './session-median.ts'
import { sessionMedian } from './session-median.ts'

/** By index, as BRN-02 numbers them. */
export const BRAIN_REGIMES = ['Normal', 'Trending', 'Ranging', 'HighVolatility', 'LowVolatility'] as const
export type BrainRegime = (typeof BRAIN_REGIMES)[number]

export type RegimeInput = {
  /** When the bar is known, ms UTC. */
  readonly time: number
  /** Trade date of the bar. */
  readonly session: string
  readonly close: number
  /** ATR14 after the bar, in price; NaN while it warms up. */
  readonly atr: number
  /** Profitable trades in a row: five lengthen the dwell. */
  readonly winningStreak?: number
}

export type RegimeState = {
  regime: BrainRegime
  previous: BrainRegime
  /** Market time since the last change, ms; null before the first. */
  heldMs: number | null
  last: { time: number; session: string } | null
  closes: Ring
  atrMedian: SessionMedianState
}

/** Where a regime begins and where it ends; between the two the past decides. */
type Band = { readonly enter: number; readonly leave: number }

export type RuleDetectorOptions = {
  /** Length of a bar: the market time that passes over a session's end. */
  readonly barMs: number
  readonly highVolatility?: Band
  readonly lowVolatility?: Band
  readonly trending?: Band
  readonly ranging?: Band
  readonly dwellMs?: number
  readonly winnersDwellMs?: number
  readonly winners?: number
  /** Time over which weights move to those of the new regime. */
  readonly blendMs?: number
  readonly sessions?: number
}

export interface RuleDetector {
  init(): RegimeState
  /** Takes one closed bar into the state (mutating it) and gives the regime after it. */
  update(state: RegimeState, input: RegimeInput): BrainRegime
  /** Share (0 to 1) of the new regime's weights in force; the rest is `state.previous`'s. */
  blend(state: RegimeState): number
}

const CLOSES = 50

/**
 * @example
 * const detector = ruleDetector({ barMs: 60_000 })
 * const state = detector.init()
 * detector.update(state, { time, session: '2024-03-04', close: 5100, atr: 2.5 }) // 'Normal'
 */
export function ruleDetector({
  barMs,
  highVolatility = { enter: 1.4, leave: 1.3 },
  lowVolatility = { enter: 0.8, leave: 0.9 },
  trending = { enter: 0.8, leave: 0.6 },
  ranging = { enter: 0.3, leave: 0.45 },
  dwellMs = 180_000,
  winnersDwellMs = 216_000,
  winners = 5,
  blendMs = 60_000,
  sessions = 20,
}: RuleDetectorOptions): RuleDetector {
  const median = sessionMedian(sessions)
  const above = (value: number, { enter, leave }: Band, inside: boolean) => (inside ? value >= leave : value >= enter)
  const below = (value: number, { enter, leave }: Band, inside: boolean) => (inside ? value <= leave : value <= enter)

  /** The first of the table's rows that holds. An unknown volatility (`a` NaN) is neither high nor low. */
  const classify = (a: number, strength: number, current: BrainRegime): BrainRegime => {
    if (above(a, highVolatility, current === 'HighVolatility')) return 'HighVolatility'
    if (below(a, lowVolatility, current === 'LowVolatility')) return 'LowVolatility'
    if (above(strength, trending, current === 'Trending')) return 'Trending'
    if (below(strength, ranging, current === 'Ranging')) return 'Ranging'
    return 'Normal'
  }

  return {
    init: () => ({
      regime: 'Normal',
      previous: 'Normal',
      heldMs: null,
      last: null,
      closes: ring(),
      atrMedian: median.init(),
    }),
    update(state, { time, session, close, atr, winningStreak = 0 }) {
      // Market time: the hours between two sessions do not count.
      const passed = state.last?.session === session ? time - state.last.time : barMs
      state.last = { time, session }
      if (state.heldMs !== null) state.heldMs += passed
      push(state.closes, CLOSES, close)
      if (Number.isNaN(atr)) return state.regime
      const usual = median.update(state.atrMedian, session, atr)
      if (state.closes.values.length < CLOSES) return state.regime
      const a = usual === null || usual === 0 ? Number.NaN : atr / usual
      // A market that did not move at all has no trend.
      const z = atr === 0 ? 0 : (slope(state.closes) * (CLOSES - 1)) / (atr * Math.sqrt(CLOSES))
      const next = classify(a, Math.abs(z), state.regime)
      const dwell = winningStreak >= winners ? winnersDwellMs : dwellMs
      if (next !== state.regime && (state.heldMs === null || state.heldMs >= dwell)) {
        state.previous = state.regime
        state.regime = next
        state.heldMs = 0
      }
      return state.regime
    },
    blend: ({ heldMs }) => (heldMs === null ? 1 : Math.min(1, heldMs / blendMs)),
  }
}
