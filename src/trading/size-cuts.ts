// By how much a size is cut for losses that turned out worse than planned and for unusual volatility (BRN-11). Told bar by bar and trade
// by trade; says nothing before it has seen enough.

import { worstMean } from '../math/cvar.ts'
import { push, ring } from '../math/indicators/ring.ts'

export type SizeCuts = {
  /** CVaR 5 % of the net R of the last trades, plus one: how much worse than one planned loss they are. Null with fewer than 30. */
  readonly cvarExcess: number | null
  readonly tail: number
  /** Share of the ATRs of the last 20 sessions that are at most this one. Null before there were so many. */
  readonly volatilityRank: number | null
  readonly volatility: number
}

export const NO_CUTS: SizeCuts = Object.freeze({ cvarExcess: null, tail: 1, volatilityRank: null, volatility: 1 })

/** The first row that holds is applied, and only that one. */
const TAIL = [
  { below: -0.1, factor: 0.5 },
  { below: -0.05, factor: 0.75 },
] as const
const VOLATILITY = [
  { holds: (rank: number) => rank > 0.9, factor: 0.6 },
  { holds: (rank: number) => rank > 0.75, factor: 0.8 },
  { holds: (rank: number) => rank < 0.25, factor: 1.2 },
] as const
/** Trades that the tail is taken from: the newest, and how many it takes to speak of a tail (BT-09). */
const TRADES = { newest: 250, least: 30 } as const
const SESSIONS = 20

export interface SizeWatch {
  /** @param atr in price; NaN while it warms up */
  bar(tradeDate: string, atr: number): void
  /** @param r net, of a trade that closed */
  trade(r: number): void
  cuts(): SizeCuts
}

/**
 * @example
 * const watch = sizeWatch()
 * for (let i = 0; i < 30; i++) watch.trade(i < 2 ? -1.2 : 0.5)
 * watch.cuts() // { cvarExcess: -0.2, tail: 0.5, volatilityRank: null, volatility: 1 }
 */
export function sizeWatch(): SizeWatch {
  const trades = ring()
  const sessions: number[][] = []
  let running: number[] = []
  let date = ''
  let usual = new Float64Array()
  let cuts = NO_CUTS

  const endSession = (tradeDate: string): void => {
    if (running.length > 0) sessions.push(running)
    if (sessions.length > SESSIONS) sessions.shift()
    usual = Float64Array.from(sessions.length < SESSIONS ? [] : sessions.flat()).sort()
    running = []
    date = tradeDate
  }
  const rankOf = (atr: number): number | null => {
    if (usual.length === 0) return null
    let [low, high] = [0, usual.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (usual[middle]! <= atr) low = middle + 1
      else high = middle
    }
    return low / usual.length
  }

  return {
    bar(tradeDate, atr) {
      if (tradeDate !== date) endSession(tradeDate)
      const rank = Number.isFinite(atr) ? rankOf(atr) : null
      const factor = rank === null ? 1 : (VOLATILITY.find(({ holds }) => holds(rank))?.factor ?? 1)
      cuts = { ...cuts, volatilityRank: rank, volatility: factor }
      if (Number.isFinite(atr)) running.push(atr)
    },
    trade(r) {
      push(trades, TRADES.newest, r)
      if (trades.values.length < TRADES.least) return
      const cvarExcess = worstMean(trades.values) + 1
      cuts = { ...cuts, cvarExcess, tail: TAIL.find(({ below }) => cvarExcess < below)?.factor ?? 1 }
    },
    cuts: () => cuts,
  }
}
