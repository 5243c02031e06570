// Real history for tests: the S&P 500 index, daily, 2000-01-03 to 2020-04-17, from the vega-datasets package.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bar } from '../src/market/bar.ts'

/** The close of a winter session, 21:00Z: near enough for what does not test calendars. */
const CLOSE_MS = 21 * 3_600_000

/** @param count bars from the start; all 5,105 by default */
export function sp500Bars(count = Number.POSITIVE_INFINITY): Bar[] {
  const file = fileURLToPath(new URL('../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url))
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  return lines.slice(0, count).map(line => {
    const [date, open, high, low, close, , volume] = line.split(',')
    const time = Date.parse(`${date}T00:00:00Z`)
    return {
      time,
      knownAt: time + CLOSE_MS,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
    }
  })
}
