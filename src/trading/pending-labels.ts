// The rows of a candidate table whose outcome is still open, stepped bar by bar until they are final or void (LABEL-03).

import type { Instrument } from '../market/instrument.ts'
import { toPrice } from '../market/instrument.ts'
import type { Bracket, Side } from '../market/trade.ts'
import type { Barrier, BarrierBar } from './barrier.ts'
import { barrierLevels, openBarrier, stepBarrier } from './barrier.ts'
import type { CandidateTable } from './candidate-table.ts'
import { LABEL_STATES } from './candidate-table.ts'

const FINAL = LABEL_STATES.indexOf('final')
const VOID = LABEL_STATES.indexOf('void')

export interface PendingLabels {
  /** Rows still open. */
  readonly size: number
  open(row: number, side: Side, bracket: Bracket): void
  /** Steps every open row; gives those that became final or void, in row order. */
  step(bar: BarrierBar, knownAt: number): readonly number[]
  /** The data ends: what is open becomes void at `knownAt`. */
  end(knownAt: number): readonly number[]
}

export function pendingLabels(table: CandidateTable, instrument: Instrument): PendingLabels {
  let open: { readonly row: number; readonly barrier: Barrier }[] = []

  const close = (row: number, state: number, knownAt: number): void => {
    table.state[row] = state
    table.labelEnd[row] = knownAt
  }

  return {
    get size() {
      return open.length
    },
    open(row, side, bracket) {
      open.push({ row, barrier: openBarrier(side, bracket) })
    },
    step(bar, knownAt) {
      const resolved: number[] = []
      let kept = 0
      for (const each of open) {
        const { row, barrier } = each
        const entering = barrier.entry === null
        const result = stepBarrier(barrier, instrument, bar)
        if (entering && barrier.entry !== null) {
          const { stop, target } = barrierLevels(barrier, barrier.entry)
          table.entry[row] = toPrice(instrument, barrier.entry)
          table.stop[row] = toPrice(instrument, stop)
          table.target[row] = toPrice(instrument, target)
        }
        if (result.state === 'pending') {
          open[kept++] = each
          continue
        }
        close(row, result.state === 'final' ? FINAL : VOID, knownAt)
        resolved.push(row)
        if (result.state === 'final') {
          table.r[row] = result.r
          table.win[row] = result.r > 0 ? 1 : 0
          table.slip[row] = result.slippage
        }
      }
      open.length = kept
      return resolved
    },
    end(knownAt) {
      const rows = open.map(({ row }) => row)
      for (const row of rows) close(row, VOID, knownAt)
      open = []
      return rows
    },
  }
}
