// A stored series as something that can be traded: its bars with the instrument and calendar they were imported for.

import type { ImportReport } from '../data/report.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { instrumentOf } from '../market/contract.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { inImportOrder } from './stored-series.ts'

/** The series stored last (of a symbol); undefined where this bot holds no bars. */
export async function storedMarket(
  { bars, dataSets }: Pick<State, 'bars' | 'dataSets'>,
  symbol: string | undefined,
  { settings }: Pick<Ports, 'settings'>,
): Promise<Market | undefined> {
  const all = await inImportOrder({ bars, dataSets })
  const newest = all.findLast(({ snapshot }) => symbol === undefined || snapshot.symbol === symbol)
  if (newest?.dataSet === undefined) return undefined
  const { snapshot, dataSet } = newest
  const report = JSON.parse(dataSet.report) as ImportReport
  const instrument = instrumentOf(snapshot.symbol, report.calendar, instrumentsOf(settings.instruments))
  return {
    series: await bars.load(snapshot),
    instrument,
    calendar: calendarOf(instrument.calendar),
    excludedDates: new Set(report.excludedDates),
    report,
    snapshot,
  }
}
