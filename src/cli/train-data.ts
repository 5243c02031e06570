// The options by which `ratchet train` is told what to learn from, and the same again as words of a command line.

import { Fault } from '../base/fault.ts'
import type { TrainingData } from '../loop/training-data.ts'
import { barName } from './lines.ts'
import { type SeriesOptions, seriesRequest, seriesWords } from './series-options.ts'

export type DataOptions = SeriesOptions & {
  readonly bars?: string
  readonly contracts?: string
  readonly data?: boolean
  readonly actions?: string
}

const MINUTE_MS = 60_000

export function dataWords({ bars, contracts, data, actions, ...options }: DataOptions): string[] {
  const adjusted = actions === undefined ? [] : ['--actions', actions]
  if (contracts !== undefined) return ['--contracts', contracts, '--bar', barName(options.bar ?? MINUTE_MS)]
  if (data === true) return ['--data', ...seriesWords(options), ...adjusted]
  return ['--bars', bars!, ...seriesWords(options), ...adjusted]
}

/** Fault: `USAGE` unless exactly one of the three is named. */
export function dataOf(options: DataOptions): TrainingData {
  const { bars, contracts, data, actions } = options
  if (contracts !== undefined && actions !== undefined) {
    throw new Fault('USAGE', 'contracts have neither splits nor dividends', { place: '--actions', fix: 'leave it out' })
  }
  const named = [bars !== undefined, contracts !== undefined, data === true].filter(Boolean).length
  if (named === 1 && bars !== undefined) return seriesRequest(bars, options)
  if (named === 1 && contracts !== undefined) return { root: contracts, barMs: options.bar ?? MINUTE_MS }
  if (named === 1) return { stored: options.symbol }
  throw new Fault(
    'USAGE',
    'what to learn from is one file of bars, one stored series, or the stored contracts of one root',
    {
      place: bars === undefined ? '--bars' : '--contracts',
      fix: 'give --bars FILE, --data --symbol S, or --contracts ES',
    },
  )
}
