// How many tries stand behind a backtest, and what they leave of its Sharpe ratio (BT-07).

import { count } from '../../report/format.ts'
import type { Block } from '../../report/report.ts'
import type { BacktestTries } from '../backtest-ledger.ts'
import { shown, whole } from './amounts.ts'

/** @param what is counted, in the singular */
export function triesBlocks(
  { trials, backtests, looks, deflatedSharpe, overfitting }: BacktestTries,
  what: string,
): Block[] {
  const behind = trials - backtests
  const models = behind === 0 ? '' : `, and ${count(behind)} more for the models that decide`
  return [
    {
      kind: 'text',
      text: `${count(backtests)} ${what}${backtests === 1 ? '' : 's'} of this market here, this one included${models}: the ledger counts them. The more are tried, the better the best looks by luck alone.`,
    },
    {
      kind: 'figures',
      figures: [
        {
          label: 'Looks',
          meaning: 'Known configurations that were run again on newer bars. They are no trials.',
          ...whole(looks),
        },
        {
          label: 'Deflated Sharpe',
          meaning: 'The chance that the result is better than the best of so many tries is by luck.',
          ...shown(deflatedSharpe, 'sessions', { digits: 3 }),
        },
        {
          label: 'Overfitting',
          meaning:
            'How often the best of the tries on one half of the sessions is below the median on the other half, among those of the same sessions.',
          ...shown(overfitting, 'tries', { digits: 3 }),
        },
      ],
    },
  ]
}
