// How many lots a trade gets: risk money over the planned loss of one lot, never rounded up (BRN-12).

import { type Instrument, stepValueMicros } from '../market/instrument.ts'
import type { SizingChain } from './decision.ts'
import { roundTripCostsMicros } from './fills.ts'
import type { Limits } from './limits.ts'
import type { SizeCuts } from './size-cuts.ts'

export type SizingInput = {
  readonly instrument: Instrument
  readonly limits: Limits
  readonly equityMicros: number
  /** Answer of the sizer; 0: skip. */
  readonly multiplier: number
  readonly cuts: SizeCuts
  /** Size factor of the drawdown ladder, 1 below its first rung. */
  readonly ladder: number
  /** Most lots the ladder allows. */
  readonly ladderLots: number | undefined
  /** Stop distance in steps. */
  readonly stop: number
  /** Expected entry price in steps. */
  readonly price: number
}

/** Lots by which a cap binds, with its name. */
function caps(input: SizingInput): readonly (readonly [string, number])[] {
  const { instrument, limits, equityMicros, price, ladderLots } = input
  const own = instrument.maxPosition
  const size =
    own === undefined
      ? (['notional', Math.floor(equityMicros / (price * stepValueMicros(instrument)))] as const)
      : (['maxPosition', Math.min(own, limits.maxPositionSize)] as const)
  // 5 / 0.1 is 50 lots, however the division rounds.
  const mini = Math.floor(limits.maxMiniEquivalent / instrument.miniEquivalent + 1e-9)
  return [size, ['miniEquivalent', mini], ['ladder', ladderLots ?? Infinity]]
}

/**
 * The whole chain; `lots` 0 is `SIZE_ZERO`. A multiplier above 1 spends the room that rounding left, but never more than
 * `maxRiskPerTrade` (RSK-05): that cap is `risk`.
 *
 * @example
 * // MES: $100,000, 1 %, stop 40 ticks: 1000 / (40 x 1.25 + 1.50) = 19.4
 * lotsFor({ ...account, instrument: MES, multiplier: 1, ladder: 1, stop: 40 }).uncapped // 19
 */
export function lotsFor(input: SizingInput): SizingChain {
  const { instrument, limits, equityMicros, ladder, stop, cuts } = input
  const wanted = input.multiplier * cuts.tail * cuts.volatility
  // BRN-11: nothing, or something between a tenth and twice the base risk.
  const multiplier = wanted > 0 ? Math.min(2, Math.max(0.1, wanted)) : 0
  const budget = Math.max(0, equityMicros) * (limits.maxRiskPerTrade / 100)
  const riskMicros = Math.floor(budget * multiplier * ladder)
  const lossPerLotMicros = stop * stepValueMicros(instrument) + roundTripCostsMicros(instrument, 1)
  const uncapped = Math.floor(riskMicros / lossPerLotMicros)
  let cap = Math.floor(Math.floor(budget) / lossPerLotMicros)
  let boundBy = 'risk'
  for (const [name, lots] of caps(input)) {
    if (lots >= cap) continue
    cap = lots
    boundBy = name
  }
  return {
    equityMicros,
    sizer: input.multiplier,
    cuts,
    multiplier,
    ladder,
    riskMicros,
    lossPerLotMicros,
    uncapped,
    cap,
    boundBy: uncapped <= cap ? 'multiplier' : boundBy,
    lots: Math.min(uncapped, cap),
  }
}
