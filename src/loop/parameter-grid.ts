// The same backtest with other parameters, every pair of two of them: how much a result hangs on one choice (BT-05). Each is a try, and counted.

import { Fault } from '../base/fault.ts'
import type { BacktestReport } from '../trading/backtest-report.ts'
import type { Limits } from '../trading/limits.ts'

export const GRID_PARAMETERS = ['stopAtr', 'targetAtr', 'maxBars', 'minRiskRewardRatio', 'maxRiskPerTrade'] as const
export type GridParameter = (typeof GRID_PARAMETERS)[number]

export type GridAxis = { readonly name: GridParameter; readonly values: readonly number[] }

export type ParameterGrid = {
  readonly down: GridAxis
  readonly across: GridAxis
  /** A row for each value of `down`. */
  readonly cells: readonly (readonly { readonly returnPct: number; readonly trades: number }[])[]
}

/** More cells are a search, which is what `train --search` is for. */
const CELLS = 100

/**
 * `stopAtr=1,2,3` and `maxBars=50,100`, with a slash between them.
 *
 * @example parseGrid('stopAtr=1,2/maxBars=50,100').down.values // [1, 2]
 * Fault: `USAGE`
 */
export function parseGrid(text: string): Pick<ParameterGrid, 'down' | 'across'> {
  const wrong = (why: string) =>
    new Fault('USAGE', `--grid ${why}`, {
      place: '--grid',
      fix: `two of ${GRID_PARAMETERS.join(', ')}, such as stopAtr=1,2,3/maxBars=50,100`,
    })
  const axes = text.split('/').map((part): GridAxis => {
    const [name = '', list = ''] = part.split('=')
    const known = GRID_PARAMETERS.find(each => each === name)
    const values = list.split(',').map(Number)
    if (known === undefined) throw wrong(`knows no parameter ${name}`)
    if (!values.every(value => Number.isFinite(value) && value > 0) || new Set(values).size !== values.length) {
      throw wrong(`needs different numbers above 0 for ${name}`)
    }
    return { name: known, values }
  })
  const [down, across] = axes
  if (down === undefined || across === undefined || axes.length > 2 || down.name === across.name) {
    throw wrong('needs two different parameters')
  }
  if (down.values.length * across.values.length > CELLS) throw wrong(`has more than ${CELLS} pairs`)
  return { down, across }
}

/** @param run the backtest under other limits; awaited one after the other, in the order of the rows */
export async function parameterGrid(
  { down, across }: Pick<ParameterGrid, 'down' | 'across'>,
  limits: Limits,
  run: (limits: Limits) => Promise<Pick<BacktestReport, 'returnPct' | 'trades'>>,
): Promise<ParameterGrid> {
  const cells: { returnPct: number; trades: number }[][] = []
  for (const value of down.values) {
    const row: { returnPct: number; trades: number }[] = []
    for (const other of across.values) {
      const { returnPct, trades } = await run({ ...limits, [down.name]: value, [across.name]: other })
      row.push({ returnPct, trades: trades.length })
    }
    cells.push(row)
  }
  return { down, across, cells }
}
