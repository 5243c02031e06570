// `ratchet risk show`: every limit in its unit and in dollars of the account (UNI-03).

import type { Market } from '../loop/import-series.ts'
import { type LimitLine, limitTable } from '../loop/limit-table.ts'
import { accountLimits, replayLimits } from '../loop/limits-of.ts'
import type { Settings } from '../loop/settings.ts'
import type { Limits } from '../trading/limits.ts'
import type { Verb } from './command.ts'
import { example, table } from './lines.ts'

const linesOf = (limits: Limits, { backtest }: Settings): readonly LimitLine[] =>
  limitTable(limits, backtest.initialCapital)

const dollarText = (dollars: number): string => `$${dollars.toLocaleString('en-US', { maximumFractionDigits: 0 })}`

/** The limits in money: what start-up prints. */
export function limitLines({ series }: Market, settings: Settings): string {
  const lines = linesOf(replayLimits(settings, series.symbol), settings)
  const money = lines.filter(({ dollars }) => dollars !== null)
  const said = money.map(({ key, dollars }) => `${key.replace('tradingBot.', '')} ${dollarText(dollars!)}`)
  return `limits of an account of ${dollarText(settings.backtest.initialCapital)}: ${said.join(', ')}`
}

export const risk: Verb = (program, act) => {
  const group = program.command('risk').description('the limits that every entry is held against')
  group
    .command('show')
    .description('list the limits, in their unit and in dollars of the account')
    .option('--replay', 'of the account that replays of bars have, which no dollar limit binds')
    .addHelpText('after', example('risk show'))
    .action(
      act(async ({ ports, out }, { replay = false }: { readonly replay?: boolean }) => {
        const { settings } = ports
        const limits = linesOf(replay ? replayLimits(settings, 'any') : accountLimits(settings), settings)
        const rows = limits.map(({ key, value, unit, dollars }) => [
          key,
          value === null ? 'none' : String(value),
          value === null ? '' : unit,
          dollars === null ? '' : dollarText(dollars),
        ])
        const account = replay ? 'replay' : 'paper'
        const capital = settings.backtest.initialCapital
        out.result({ account, capital, limits }, [
          `${account} account of ${dollarText(capital)}; where a fraction and dollars limit the same, the smaller binds`,
          ...table(rows),
        ])
      }),
    )
}
