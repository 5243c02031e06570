// `ratchet risk show`: every limit in its unit and in dollars of the account (UNI-03).

import type { Market } from '../loop/import-series.ts'
import { type LimitLine, limitTable } from '../loop/limit-table.ts'
import { replayLimits } from '../loop/limits-of.ts'
import type { Settings } from '../loop/settings.ts'
import type { Verb } from './command.ts'
import { example, table } from './lines.ts'

/** Of a replay's account; the length of a halt is no limit, so any will do. */
const linesOf = (settings: Settings, symbol: string): readonly LimitLine[] =>
  limitTable(replayLimits(settings, symbol, 1), settings.backtest.initialCapital)

const dollarText = (dollars: number): string => `$${dollars.toLocaleString('en-US', { maximumFractionDigits: 0 })}`

/** The limits in money: what start-up prints. */
export function limitLines({ series }: Market, settings: Settings): string {
  const money = linesOf(settings, series.symbol).filter(({ dollars }) => dollars !== null)
  const said = money.map(({ key, dollars }) => `${key.replace('tradingBot.', '')} ${dollarText(dollars!)}`)
  return `limits of an account of ${dollarText(settings.backtest.initialCapital)}: ${said.join(', ')}`
}

export const risk: Verb = (program, act) => {
  const group = program.command('risk').description('the limits that every entry is held against')
  group
    .command('show')
    .description('list the limits, in their unit and in dollars of the account')
    .addHelpText('after', example('risk show'))
    .action(
      act(async ({ ports, out }) => {
        const { settings } = ports
        const limits = linesOf(settings, 'any')
        const rows = limits.map(({ key, value, unit, dollars }) => [
          key,
          value === null ? 'none' : String(value),
          value === null ? '' : unit,
          dollars === null ? '' : dollarText(dollars),
        ])
        const capital = settings.backtest.initialCapital
        out.result({ account: 'paper', capital, limits }, [
          `paper account of ${dollarText(capital)}; where a fraction and dollars limit the same, the smaller binds`,
          ...table(rows),
        ])
      }),
    )
}
