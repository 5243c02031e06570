// `ratchet data known`: what the public knew of an economic series at a moment (DATA-03).

import { pointInTime } from '../data/point-in-time.ts'
import { utcTime, wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { count, example, table, utcMoment } from './lines.ts'

type KnownOptions = { readonly at?: number; readonly last: number }

export const dataKnown: Verb = (group, act) => {
  group
    .command('known')
    .description('show an economic series as it had been published at a moment')
    .argument('<series>', 'id, e.g. GDP')
    .option('--at <time>', 'in UTC, e.g. 2024-02-10 (default: now)', utcTime)
    .option('--last <n>', 'so many of the newest periods', wholeNumber(1), 12)
    .addHelpText('after', example('data known GDP --at 2024-02-10'))
    .action(
      act(async (session, id: string, { at = session.ports.clock.now(), last }: KnownOptions) => {
        const { macro } = await session.reading()
        const series = await macro.load(id)
        const known = pointInTime(series).asOf(at)
        const shown = known.slice(-last)
        const lines = [
          `${series.title} (${series.units}), ${count(known.length, 'period')} known at ${utcMoment(at)}`,
          ...table([
            ['period', 'value', 'known since'],
            ...shown.map(({ date, value, publishedAt }) => [date, String(value), utcMoment(publishedAt)]),
          ]),
          ...(series.vintages ? [] : ['  note: no vintages: newest values behind the lag of the series']),
        ]
        const { title, units, frequency, vintages } = series
        session.out.result({ id, title, units, frequency, vintages, at, known: known.length, values: shown }, lines)
      }),
    )
}
