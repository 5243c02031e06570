// A stored series as something that can be traded: its bars with the instrument and calendar they were imported for.

import { heads } from '../data/data-sets.ts'
import type { ImportReport } from '../data/report.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { instrumentOf } from '../market/contract.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import type { Market } from './import-series.ts'
import type { Ports } from './ports.ts'
import { inImportOrder, type StoredSeries, type Stores } from './stored-series.ts'

async function marketOf({ snapshot, dataSet }: StoredSeries, { bars }: Stores, { settings }: Pick<Ports, 'settings'>) {
  const report = JSON.parse(dataSet!.report) as ImportReport
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

/** What may be meant by a symbol: the series in use, if any, before all others in the order in which they were stored. */
async function candidates(stores: Stores, symbol: string | undefined): Promise<readonly StoredSeries[]> {
  const known = (await inImportOrder(stores)).filter(
    ({ snapshot, dataSet }) => dataSet !== undefined && (symbol === undefined || snapshot.symbol === symbol),
  )
  const inUse = heads(known.map(({ dataSet }) => dataSet!)).toSorted((a, b) => b.headAt! - a.headAt!)
  return [...inUse.map(set => known.find(({ dataSet }) => dataSet === set)!), ...known.toReversed()]
}

/** The series in use (of a symbol, of a bar length), which imports and fetches add to; undefined where there is none. */
export async function marketInUse(
  stores: Stores,
  symbol: string | undefined,
  ports: Pick<Ports, 'settings'>,
  barMs?: number,
): Promise<Market | undefined> {
  const found = (await candidates(stores, symbol)).find(
    ({ dataSet }) => dataSet!.headAt !== null && (barMs === undefined || dataSet!.barMs === barMs),
  )
  return found && marketOf(found, stores, ports)
}

/** The series in use (of a symbol); where nothing was imported, the one that any other use stored last. Undefined without bars. */
export async function storedMarket(
  stores: Stores,
  symbol: string | undefined,
  ports: Pick<Ports, 'settings'>,
): Promise<Market | undefined> {
  const [found] = await candidates(stores, symbol)
  return found && marketOf(found, stores, ports)
}
