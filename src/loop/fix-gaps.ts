// Gaps of the series in use, filled from where the series came from, and from nowhere else: bars are fetched, never made up (DATA-06, DATA-11).

import { Fault } from '../base/fault.ts'
import { type DataSet, heads } from '../data/data-sets.ts'
import { datesWithGaps } from '../data/quality.ts'
import { DAY_MS } from '../market/bar.ts'
import { labelDay } from '../market/calendars/zone.ts'
import { fetchBars } from './fetch-bars.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { marketInUse } from './stored-market.ts'

export type FixedGaps = {
  readonly symbol: string
  readonly barMs: number
  /** Trade dates that missed bars, in their order. */
  readonly dates: readonly string[]
  /** Those that still do. */
  readonly left: readonly string[]
  /** Why nothing was asked for; null where the vendor was asked. */
  readonly unasked: string | null
}

type Asked = { readonly signal: AbortSignal; readonly onProgress: (fraction: number, text: string) => void }

const gapsOf = ({ series, calendar }: Market) => datesWithGaps(series.bars, series.barMs, calendar)

/** Why bars of a series cannot be fetched; undefined where they can. */
function unfetchable({ series, report }: Market): string | undefined {
  if (series.source !== 'polygon')
    return `its bars are of source ${series.source}: import a file that has the missing ones, with ratchet data import FILE`
  return report.lineage?.adjusted === false
    ? undefined
    : 'its prices are adjusted, which are of one moment: fetch the whole range again, with ratchet data fetch polygon --adjusted'
}

/** Dates of one month are asked for at once. */
function spansOf(dates: readonly string[]): readonly { readonly from: number; readonly to: number }[] {
  const byMonth = Map.groupBy(dates, date => date.slice(0, 7))
  return [...byMonth.values()].map(days => {
    // Hours of a trade date may lie on the day before and, in UTC, on the day after.
    return { from: (labelDay(days[0]!) - 1) * DAY_MS, to: (labelDay(days.at(-1)!) + 2) * DAY_MS }
  })
}

async function fillOne({ symbol, barMs }: DataSet, asked: Asked, state: State, ports: Ports): Promise<FixedGaps> {
  const find = async () => (await marketInUse(state, symbol, ports, barMs))!
  const market = await find()
  const dates = gapsOf(market)
  const facts = { symbol, barMs, dates }
  if (dates.length === 0) return { ...facts, left: [], unasked: null }
  const unasked = unfetchable(market)
  if (unasked !== undefined) return { ...facts, left: dates, unasked }
  const vendor = await ports.polygon()
  const { calendar } = market.report
  for (const span of spansOf(dates)) {
    asked.signal.throwIfAborted()
    try {
      await fetchBars({ symbol, barMs, ...span, adjusted: false, calendar, ...asked }, vendor, state, ports)
    } catch (cause) {
      // That a vendor has none of these bars is an answer, told as what is left.
      if (!(cause instanceof Fault && cause.code === 'DATA_EMPTY')) throw cause
    }
  }
  return { ...facts, left: gapsOf(await find()), unasked: null }
}

/**
 * Of each series in use. Faults: those of `fetchBars`, `SECRET_MISSING` where a vendor would have to be asked; what was filled before stays.
 *
 * @param symbol of this one alone
 */
export async function fixGaps(
  symbol: string | undefined,
  asked: Asked,
  state: State,
  ports: Ports,
): Promise<readonly FixedGaps[]> {
  const fixed: FixedGaps[] = []
  for (const set of heads(await state.dataSets.list())) {
    if (symbol === undefined || set.symbol === symbol) fixed.push(await fillOne(set, asked, state, ports))
  }
  return fixed
}
