// What a person must have read before believing a figure: what is real, what is hypothetical, whose data it is.

import { basename } from 'node:path'
import { SPX } from '../../market/instrument.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import type { ViewPorts } from './view-ports.ts'

const PAPER =
  'Paper trading: no order leaves this machine. Fills are computed from recorded bars and are hypothetical. Not advice.'

/** DEMO-01: the index cannot be traded, and its costs are borrowed. */
const INDEX =
  'Real index history, hypothetical execution. The index cannot be traded; costs are those of one MES contract ($5 a point, $0.75 a side, one 0.25 tick of slippage), fills at the next open.'

export const bannerOf = (symbol: string | undefined): string[] => (symbol === SPX.symbol ? [INDEX, PAPER] : [PAPER])

/** Files of packages whose licence we know. */
const LICENCES: readonly (readonly [pattern: RegExp, note: string])[] = [
  [/vega-datasets/, 'from the npm package vega-datasets (BSD-3-Clause); data and trademarks belong to their owners'],
]

export async function dataNoteOf(
  run: Pick<StoredRun, 'dataHash' | 'symbol'>,
  { dataSets }: Pick<ViewPorts, 'dataSets'>,
): Promise<string> {
  const set = (await dataSets.list()).find(({ hash }) => hash === run.dataHash)
  if (set === undefined) return `${run.symbol}: the source of these bars is not on record.`
  const licence = LICENCES.find(([pattern]) => pattern.test(set.file))?.[1] ?? 'its licence is that of whoever gave it'
  const kind = set.provenance === 'simulated' ? 'Simulated bars' : 'Recorded bars'
  return `${kind} of ${set.symbol} from ${basename(set.file)}, ${licence}.`
}
