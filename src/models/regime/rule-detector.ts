// The rule detector of the market's regime, with hysteresis and a minimum dwell (BRN-02, REG-03).

import type { Ring } from '../../math/indicators/ring.ts'
import { push, ring } from '../../math/indicators/ring.ts'
import { slope } from '../../math/indicators/slope.ts'
import type { BrainRegime, RegimeBands } from './regime-table.ts'
import { DEFAULT_BANDS, regimeOf } from './regime-table.ts'
import type { SessionMedianState } from './session-median.ts'
import { sessionMedian } from './session-median.ts'

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

export type RuleDetectorOptions = {
  /** Length of a bar: the market time that passes over a session's end. */
  readonly barMs: number
  readonly bands?: RegimeBands
  /** Market time that a regime lasts at least, and after `winners` profitable trades in a row. */
  readonly dwellMs?: number
  readonly winnersDwellMs?: number
  readonly winners?: number
  /** Time over which weights move to those of the new regime. */
  readonly blendMs?: number
  /** Complete sessions that the usual ATR is taken from. */
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
  bands = DEFAULT_BANDS,
  dwellMs = 180_000,
  winnersDwellMs = 216_000,
  winners = 5,
  blendMs = 60_000,
  sessions = 20,
}: RuleDetectorOptions): RuleDetector {
  const median = sessionMedian(sessions)
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
      const next = regimeOf(a, z, state.regime, bands)
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
