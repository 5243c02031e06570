// The options by which every verb that reads a bar file is told how.

import { type Command as Commander, Option } from 'commander'
import type { SeriesRequest } from '../loop/import-series.ts'
import { zone } from '../market/calendars/zone.ts'
import { CALENDAR_NAMES, type CalendarName } from '../market/instrument.ts'
import { barLength, columnMap, shareBelowOne, zoneName } from './arguments.ts'
import { barName } from './lines.ts'

export type SeriesOptions = {
  readonly symbol?: string
  readonly tz?: string
  readonly bar?: number
  readonly map?: Readonly<Record<string, string>>
  readonly maxBad?: number
  readonly calendar?: CalendarName
  readonly simulated?: boolean
}

export function addSeriesOptions(command: Commander): Commander {
  return command
    .option('--symbol <symbol>', 'symbol of the series')
    .option('--tz <zone>', 'zone of times without an offset', zoneName)
    .option('--bar <length>', 'length of a bar, e.g. 1m, 1h, 1d (default: inferred)', barLength)
    .option('--map <columns>', 'column names, e.g. date=Date,close=Last', columnMap)
    .option('--max-bad <share>', 'share of bad rows above which nothing is stored', shareBelowOne)
    .addOption(new Option('--calendar <name>', 'exchange calendar (default: inferred)').choices(CALENDAR_NAMES))
    .option('--simulated', 'the bars come from a simulator: everything made from them is marked and kept from live')
}

/** The options again as words of a command line. */
export function seriesWords({ symbol, tz, bar, map, maxBad, calendar, simulated }: SeriesOptions): string[] {
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)]
  const columns = map && Object.entries(map).map(([name, column]) => `${name}=${column}`)
  return [
    ...option('--symbol', symbol),
    ...option('--tz', tz),
    ...option('--bar', bar && barName(bar)),
    ...option('--map', columns?.join(',')),
    ...option('--max-bad', maxBad),
    ...option('--calendar', calendar),
    ...(simulated === true ? ['--simulated'] : []),
  ]
}

export function seriesRequest(file: string, options: SeriesOptions): SeriesRequest {
  const { symbol, tz, bar, map, maxBad, calendar, simulated } = options
  return {
    file,
    symbol,
    zone: tz === undefined ? undefined : zone(tz),
    barMs: bar,
    map,
    maxBad,
    calendar,
    simulated: simulated === true,
  }
}
