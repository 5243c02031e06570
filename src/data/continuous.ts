// One series out of many contracts: each bar as it was traded, and on a scale without the jumps of the rolls (DATA-10).

import { Fault } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { type Contract, expiryOf, rollDateOf } from '../market/contract.ts'
import { type ContractSession, type Holding, rollSchedule } from './roll.ts'
import { tradeDateOf } from './trade-date.ts'

export type ContractBars = { readonly contract: Contract; readonly bars: readonly Bar[] }

export type Roll = Holding & {
  /** Close of the new contract over that of the old one, at the last bar that both had before the change. */
  readonly ratio: number
  /** From the first contract to this one: all ratios multiplied. */
  readonly factor: number
}

export type ContinuousBar = {
  /** As it was traded: what orders, fills, labels and money are made of. */
  readonly real: Bar
  readonly contract: string
  /** Prices of `real` are those of `adjusted` times this. */
  readonly factor: number
  /** On the scale of the first contract: what features are made of. No later roll ever changes it. */
  readonly adjusted: Bar
}

export type ContinuousSeries = { readonly rolls: readonly Roll[]; readonly bars: readonly ContinuousBar[] }

const scaled = (bar: Bar, by: number): Bar => ({
  ...bar,
  open: bar.open * by,
  high: bar.high * by,
  low: bar.low * by,
  close: bar.close * by,
})

function sessionsOf(bars: readonly Bar[], barMs: number, calendar: Calendar): readonly ContractSession[] {
  const volumes = new Map<string, number>()
  for (const bar of bars) {
    const date = tradeDateOf(bar, barMs, calendar)
    volumes.set(date, (volumes.get(date) ?? 0) + bar.volume)
  }
  return [...volumes].map(([date, volume]) => ({ date, volume }))
}

type Dated = { readonly contract: Contract; readonly bars: readonly Bar[]; readonly dates: readonly string[] }

/** Fault: `DATA_ROLL_RATIO` where the two contracts have no bar in common before the change. */
function ratioBefore(day: string, old: Dated, next: Dated): number {
  const closes = new Map(next.bars.map(({ time, close }) => [time, close]))
  const last = old.bars.findLast((bar, index) => old.dates[index]! < day && closes.has(bar.time))
  if (last !== undefined) return closes.get(last.time)! / last.close
  const codes = `${old.contract.code} and ${next.contract.code}`
  throw new Fault('DATA_ROLL_RATIO', `${codes} have no bar in common before ${day}`, {
    place: codes,
    fix: 'import bars of the new contract from some days before it took over',
  })
}

/**
 * Faults: those of `rollSchedule`, `DATA_ROLL_RATIO`, `INSTRUMENT_EXPIRED` for bars after a contract's end.
 *
 * @example continuous([{ contract: u, bars: uBars }, { contract: z, bars: zBars }], 60_000, calendarOf('cme-index')).rolls[1]?.ratio
 */
export function continuous(contracts: readonly ContractBars[], barMs: number, calendar: Calendar): ContinuousSeries {
  const dated = contracts.map(({ contract, bars }) => {
    const dates = bars.map(bar => tradeDateOf(bar, barMs, calendar))
    const late = dates.find(date => date > expiryOf(contract))
    if (late === undefined) return { contract, bars, dates, sessions: sessionsOf(bars, barMs, calendar) }
    throw new Fault('INSTRUMENT_EXPIRED', `${contract.code} has a bar of ${late}, after it expired`, {
      place: contract.code,
      fix: 'check which contract these bars belong to',
    })
  })
  const byCode = new Map(dated.map(one => [one.contract.code, one]))
  const holdings = rollSchedule(dated)
  const rolls: Roll[] = []
  const bars: ContinuousBar[] = []
  for (const [index, holding] of holdings.entries()) {
    const { contract, from } = holding
    const until = holdings[index + 1]?.from ?? rollDateOf(contract)
    const own = byCode.get(contract.code)!
    const before = rolls.at(-1)
    const ratio = before === undefined ? 1 : ratioBefore(from, byCode.get(before.contract.code)!, own)
    const factor = (before?.factor ?? 1) * ratio
    rolls.push({ ...holding, ratio, factor })
    for (const [at, real] of own.bars.entries()) {
      const date = own.dates[at]!
      if (date < from || date >= until) continue
      bars.push({ real, contract: contract.code, factor, adjusted: scaled(real, 1 / factor) })
    }
  }
  return { rolls, bars }
}

/**
 * The series as a person looking back at that moment would draw it: on the scale of the contract that was the front one then, from
 * nothing that was known later.
 */
export function asSeenAt({ bars }: Pick<ContinuousSeries, 'bars'>, timeMs: number): readonly Bar[] {
  const known = bars.filter(({ real }) => real.knownAt <= timeMs)
  const scale = known.at(-1)?.factor ?? 1
  return known.map(({ adjusted }) => scaled(adjusted, scale))
}
