// What the hidden Markov model reads, from real bars only: how volatile, how busy and how directed the market is, and its partner (REG-01).

import type { AverageState } from '../../math/indicators/average.ts'
import { wilder } from '../../math/indicators/average.ts'
import { meanOf, push, type Ring, ring, sampleDeviation } from '../../math/indicators/ring.ts'
import { slope } from '../../math/indicators/slope.ts'
import { pearson } from '../../math/statistics.ts'
import type { HmmColumn } from './hmm-names.ts'
import { type SessionMedianState, sessionMedian } from './session-median.ts'

export type HmmBar = {
  /** Trade date. */
  readonly session: string
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Close of the partner's bar of the same time; null where it has none: then nothing is read from this bar. */
  readonly partnerClose?: number | null
}

type Volatility = { previous: number | null; returns: Ring; usual: SessionMedianState }

export type HmmInputState = {
  own: Volatility
  partner: Volatility
  volumes: Ring
  closes: Ring
  atr: AverageState
  /** Returns between bars that both have. */
  pair: { previous: readonly [number, number] | null; own: Ring; partner: Ring }
}

export type HmmInputOptions = {
  /** False for a series whose volume is 0 throughout: the volume ratio is left out (FEAT-02a). */
  readonly hasVolume: boolean
  /** Whether bars come with their partner's close (ES with NQ). */
  readonly hasPartner: boolean
}

export interface HmmInputs {
  readonly columns: readonly HmmColumn[]
  init(): HmmInputState
  /** Takes one closed bar into the state (mutating it); gives the row of `columns`, or null while one of them has no value. */
  update(state: HmmInputState, bar: HmmBar): readonly number[] | null
}

const VOLATILITY = 20
const CORRELATION = 50
const VOLUMES = 10
const CLOSES = 50
const atr = wilder(14)
const median = sessionMedian(20)

const emptyVolatility = (): Volatility => ({ previous: null, returns: ring(), usual: median.init() })

/** The volatility over 20 returns as a multiple of its median of 20 sessions, or NaN. */
function takeClose(state: Volatility, session: string, close: number): number {
  if (state.previous !== null) push(state.returns, VOLATILITY, Math.log(close / state.previous))
  state.previous = close
  if (state.returns.values.length < VOLATILITY) return Number.NaN
  const now = sampleDeviation(state.returns)
  const usual = median.update(state.usual, session, now)
  return usual === null || usual === 0 ? Number.NaN : now / usual
}

/** Correlation of the last 50 returns that both have, or NaN. */
function takePair({ pair }: HmmInputState, own: number, partner: number): number {
  if (pair.previous !== null) {
    push(pair.own, CORRELATION, Math.log(own / pair.previous[0]))
    push(pair.partner, CORRELATION, Math.log(partner / pair.previous[1]))
  }
  pair.previous = [own, partner]
  // Both rings turn together, so their values pair up without being put in order.
  return pair.own.values.length < CORRELATION ? Number.NaN : pearson(pair.own.values, pair.partner.values)
}

/**
 * Volatility and trend strength are fields 3 and 10 of the context (BRN-01), the volume ratio field 8.
 *
 * @example
 * const inputs = hmmInputs({ hasVolume: true, hasPartner: false })
 * inputs.update(inputs.init(), { session: '2024-03-04', high: 5102, low: 5099, close: 5100, volume: 900 }) // null
 */
export function hmmInputs({ hasVolume, hasPartner }: HmmInputOptions): HmmInputs {
  return {
    columns: [
      'volatility',
      ...(hasVolume ? (['volumeRatio'] as const) : []),
      'trendStrength',
      ...(hasPartner ? (['partnerVolatility', 'partnerCorrelation'] as const) : []),
    ],
    init: () => ({
      own: emptyVolatility(),
      partner: emptyVolatility(),
      volumes: ring(),
      closes: ring(),
      atr: atr.init(),
      pair: { previous: null, own: ring(), partner: ring() },
    }),
    update(state, { session, high, low, close, volume, partnerClose = null }) {
      const before = state.own.previous
      const range = before === null ? high - low : Math.max(high, before) - Math.min(low, before)
      const usualRange = atr.update(state.atr, range)
      const row = [takeClose(state.own, session, close)]
      const usualVolume = state.volumes.values.length < VOLUMES ? Number.NaN : meanOf(state.volumes)
      push(state.volumes, VOLUMES, volume)
      if (hasVolume) row.push(volume / usualVolume)
      push(state.closes, CLOSES, close)
      const isFull = state.closes.values.length === CLOSES && usualRange > 0
      row.push(isFull ? (slope(state.closes) * (CLOSES - 1)) / (usualRange * Math.sqrt(CLOSES)) : Number.NaN)
      if (hasPartner) {
        if (partnerClose === null) return null
        row.push(takeClose(state.partner, session, partnerClose), takePair(state, close, partnerClose))
      }
      return row.every(Number.isFinite) ? row : null
    },
  }
}

/**
 * The rows of bars in order of time, cut where a session ends: what a fit takes. Daily bars are one sequence for ever.
 */
export function hmmSequences(inputs: HmmInputs, bars: Iterable<HmmBar>, isDaily: boolean): Float64Array[] {
  const state = inputs.init()
  const found: number[][] = []
  let session: string | undefined
  for (const bar of bars) {
    const row = inputs.update(state, bar)
    if (row === null) continue
    if (found.length === 0 || (!isDaily && bar.session !== session)) found.push([])
    session = bar.session
    found.at(-1)!.push(...row)
  }
  return found.map(values => Float64Array.from(values))
}
