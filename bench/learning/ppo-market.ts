// Sessions of 16 trades made from the rows of the duels, with a state of 16 values as the brain's sizer has: cheap, and with
// consequences, since a session that falls 8 R below its peak is over. The same, number for number, as `Market` in peers/ppo.py.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Saved } from '../../src/models/model.ts'
import type { Environment } from '../../src/models/rl/environment.ts'
import { WIDTH } from './data.ts'

const SESSION = 16
const COLUMNS = 11
const LIMIT = 8
const round = Math.fround

export type Trades = { readonly x: Float32Array; readonly r: Float32Array; readonly sessions: number }

/** @param name `train` or `test` */
export function readTrades(folder: string, name: string): Trades {
  const floats = (part: string): Float32Array => {
    const bytes = readFileSync(join(folder, `${name}.${part}`))
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  }
  const [columns, y] = [floats('x'), floats('y')]
  const x = Float32Array.from({ length: y.length * COLUMNS }, (_, i) => {
    const value = columns[Math.floor(i / COLUMNS) * WIDTH + (i % COLUMNS)]!
    return Math.min(3, Math.max(-3, value)) / 3
  })
  return { x, r: y.map(value => 0.5 * value), sessions: Math.floor(y.length / SESSION) }
}

/** @param first session of this environment, `stride` sessions from one episode to the next */
export function ppoMarket({ x, r, sessions }: Trades, first: number, stride: number): Environment {
  let at = { next: first, session: first, trade: 0, gain: 0, peak: 0, wins: 0, last: 0 }
  const write = (state: Float32Array): void => {
    const { session, trade, gain, peak, wins, last } = at
    const row = (session * SESSION + Math.min(trade, SESSION - 1)) * COLUMNS
    for (let i = 0; i < COLUMNS; i++) state[i] = x[row + i]!
    state[11] = gain / 8
    state[12] = (peak - gain) / LIMIT
    state[13] = trade / SESSION
    state[14] = (wins + 5) / (trade + 10)
    state[15] = last / 2
  }
  return {
    width: 16,
    reset(state) {
      at = { next: (at.next + stride) % sessions, session: at.next, trade: 0, gain: 0, peak: 0, wins: 0, last: 0 }
      write(state)
    },
    step(size, state) {
      const result = r[at.session * SESSION + at.trade]!
      const reward = round(round(size * result) - round(round(0.005) * Math.max(size - 1, 0)))
      at.gain = round(at.gain + reward)
      at.peak = Math.max(at.peak, at.gain)
      if (result > 0) at.wins++
      at.trade++
      at.last = size
      write(state)
      return { reward, ending: at.trade === SESSION || round(at.peak - at.gain) >= LIMIT ? 'terminated' : 'none' }
    },
    save: (): Saved => ({ kind: 'ppo_market', at: { ...at } }),
    load: saved => {
      at = { ...(saved as Saved & { readonly at: typeof at }).at }
    },
  }
}
