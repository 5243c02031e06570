// The market as the sizer's world (RL-01): an episode is one session of candidates in order of time, and what a trade made changes the
// account when it is known, not when it is decided.

import type { Saved } from '../../models/model.ts'
import type { Ending, Environment } from '../../models/rl/environment.ts'

export type SizerMarket = {
  /** Row-major raw inputs of each candidate: the 8 columns, then room for session_r and account_drawdown. */
  readonly inputs: Float32Array
  /** Net R at size 1, and slippage in R. */
  readonly r: Float64Array
  readonly slipR: Float64Array
  /** When each candidate was decided and when its outcome was known, ms UTC. */
  readonly time: Float64Array
  readonly labelEnd: Float64Array
  /** The session of each candidate, and of each outcome. */
  readonly session: readonly string[]
  readonly endSession: readonly string[]
  /** Raw inputs to what the network sees, row-major, such as a prelude's. */
  readonly scale: (rows: Float32Array, count: number) => Float32Array
  /** Share of a trade's slippage that each unit of size above 1 costs again. */
  readonly kappa: number
  readonly drawdownLimitR: number
}

/** A trade that is not closed yet. */
type Open = { readonly place: number; readonly result: number }

type Account = { readonly equity: number; readonly peak: number; readonly session: string; readonly inSession: number }

const FRESH: Account = { equity: 0, peak: 0, session: '', inSession: 0 }

type Saveable = Saved & {
  readonly place: number
  readonly account: Account
  readonly open: readonly Open[]
}

/**
 * Sessions from `first` on, and from the start again after the last. The reward of size `a` is `a*R - kappa*max(0, a-1)*slipR`. An account
 * that has used up its drawdown ends its session; the next session has a fresh one, as the first of each pass has.
 *
 * @param first candidate that begins a session
 * @example
 * const environment = sizerEnvironment(market, 0)
 * environment.reset(state)
 * environment.step(1, state) // { reward: 0.7, ending: 'terminated' }
 */
export function sizerEnvironment(market: SizerMarket, first: number): Environment {
  const { inputs, r, slipR, time, labelEnd, session, endSession, scale, kappa, drawdownLimitR } = market
  const count = r.length
  const width = inputs.length / count
  const row = new Float32Array(width)
  let place = first
  let account = FRESH
  let open: Open[] = []

  const drawdown = (): number => Math.min(1, (account.peak - account.equity) / drawdownLimitR)
  const enter = (name: string): void => {
    if (name !== account.session) account = { ...account, session: name, inSession: 0 }
  }
  /** Closes what is known by the time of the candidate at hand; true where that used up the drawdown. */
  const settle = (): boolean => {
    const due = open.filter(trade => labelEnd[trade.place]! <= time[place]!)
    if (due.length > 0) open = open.filter(trade => labelEnd[trade.place]! > time[place]!)
    let broke = false
    for (const trade of due.sort((a, b) => labelEnd[a.place]! - labelEnd[b.place]!)) {
      enter(endSession[trade.place]!)
      const equity = account.equity + trade.result
      const peak = Math.max(account.peak, equity)
      account = { ...account, equity, peak, inSession: account.inSession + trade.result }
      broke ||= drawdown() >= 1
    }
    enter(session[place]!)
    return broke
  }
  const write = (state: Float32Array): void => {
    row.set(inputs.subarray(place * width, (place + 1) * width))
    row[width - 2] = account.inSession
    row[width - 1] = drawdown()
    state.set(scale(row, 1))
  }
  const clear = (): void => {
    account = FRESH
    open = []
  }

  return {
    width,
    reset(state) {
      if (place >= count) {
        place = 0
        clear()
      }
      if (settle()) clear()
      enter(session[place]!)
      write(state)
    },
    step(size, state) {
      const result = size * r[place]! - kappa * Math.max(0, size - 1) * slipR[place]!
      open.push({ place, result })
      const name = session[place]!
      place++
      const over = place >= count || session[place] !== name
      let ending: Ending = over ? 'terminated' : 'none'
      if (!over && settle()) {
        clear()
        ending = 'terminated'
        while (place < count && session[place] === name) place++
      }
      if (ending === 'none') write(state)
      return { reward: result, ending }
    },
    save: (): Saveable => ({ kind: 'sizer_environment', place, account, open: [...open] }),
    load(saved) {
      const state = saved as Saveable
      place = state.place
      account = state.account
      open = [...state.open]
    },
  }
}

/** Candidates that begin a session. */
export function sessionStarts({ session }: Pick<SizerMarket, 'session'>): number[] {
  return [...session.keys()].filter(place => place === 0 || session[place] !== session[place - 1])
}
