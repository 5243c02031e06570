// A stored series as something that can be traded: its bars with the instrument and calendar they were imported for.

import type { ImportReport } from '../data/report.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { contractInstrument } from '../market/contract.ts'
import { cashInstrument, knownInstrument } from '../market/instrument.ts'
import type { Market } from './import-series.ts'
import type { State } from './ports.ts'
import { inImportOrder } from './stored-series.ts'

/** The series stored last (of a symbol); undefined where this bot holds no bars. */
export async function storedMarket(
  { bars, dataSets }: Pick<State, 'bars' | 'dataSets'>,
  symbol?: string,
): Promise<Market | undefined> {
  const all = await inImportOrder({ bars, dataSets })
  const newest = all.findLast(({ snapshot }) => symbol === undefined || snapshot.symbol === symbol)
  if (newest?.dataSet === undefined) return undefined
  const { snapshot, dataSet } = newest
  const report = JSON.parse(dataSet.report) as ImportReport
  const instrument =
    knownInstrument(snapshot.symbol) ??
    contractInstrument(snapshot.symbol) ??
    cashInstrument(snapshot.symbol, report.calendar)
  return {
    series: await bars.load(snapshot),
    instrument,
    calendar: calendarOf(instrument.calendar),
    excludedDates: new Set(report.excludedDates),
    report,
    snapshot,
  }
}
