// Figures of a decision in the units of people: steps become prices, millionths become dollars.

import { instrumentOf } from '../../market/contract.ts'
import { type DeclaredInstrument, instrumentsOf } from '../../market/declared-instrument.ts'
import type { RiskCheck, SizingChain } from '../../trading/decision.ts'
import { priceOf } from './trade-views.ts'

export type SizingStep = { step: string; value: number; unit: string }

/** Codes whose checks measure a distance of prices, and money. */
const IN_STEPS: ReadonlySet<string> = new Set(['NO_STOP', 'RISK_REWARD', 'COLLAR', 'SPREAD'])
const IN_MICROS: ReadonlySet<string> = new Set(['RISK_PER_TRADE', 'CORRELATION'])

type Figures = Pick<RiskCheck, 'value' | 'limit' | 'margin'>

/** @returns a function of a check; `isSize` marks the check of the position's size, which is money where there is no cap in lots */
export function inUnits(symbol: string, step: number, declared: readonly DeclaredInstrument[]) {
  const inMoney = instrumentOf(symbol, '24x7', instrumentsOf(declared)).maxPosition === undefined
  return ({ code, value, limit, margin }: Figures & { readonly code: string }, isSize: boolean): Figures => {
    const scale = IN_STEPS.has(code)
      ? (figure: number) => priceOf(figure, step)
      : IN_MICROS.has(code) || (isSize && inMoney)
        ? (figure: number) => figure / 1e6
        : (figure: number) => figure
    const scaled = (figure: number | null) => (figure === null ? null : scale(figure))
    return { value: scaled(value), limit: scaled(limit), margin: scaled(margin) }
  }
}

/** BRN-12 step by step; the last is the size in lots. */
export function sizingSteps(chain: SizingChain): SizingStep[] {
  const { equityMicros, sizer, cuts, multiplier, ladder, riskMicros, lossPerLotMicros, uncapped, cap, boundBy, lots } =
    chain
  const capped = boundBy === 'multiplier' ? 'cap (did not bind)' : `cap by ${boundBy}`
  return [
    { step: 'equity', value: equityMicros / 1e6, unit: 'USD' },
    { step: 'multiplier of the sizer', value: sizer ?? multiplier, unit: 'x' },
    ...(cuts === undefined
      ? []
      : [
          { step: 'worst losses against plan', value: cuts.tail, unit: 'x' },
          { step: 'rank of the volatility', value: cuts.volatility, unit: 'x' },
          { step: 'multiplier', value: multiplier, unit: 'x' },
        ]),
    { step: 'drawdown ladder', value: ladder, unit: 'x' },
    { step: 'risk money', value: riskMicros / 1e6, unit: 'USD' },
    { step: 'planned loss of one lot', value: lossPerLotMicros / 1e6, unit: 'USD' },
    { step: 'lots before caps', value: uncapped, unit: 'lots' },
    { step: capped, value: cap, unit: 'lots' },
    { step: 'lots', value: lots, unit: 'lots' },
  ]
}
