// `ratchet data list`: which series are stored.

import { type StoredSeries, storedSeries } from '../loop/stored-series.ts'
import type { Verb } from './command.ts'
import { barName, example, short, table, utcDay } from './lines.ts'

const factsOf = ({ snapshot, dataSet }: StoredSeries) => ({
  symbol: snapshot.symbol,
  barMs: snapshot.barMs,
  rows: snapshot.partitions.reduce((sum, { rows }) => sum + rows, 0),
  firstTime: dataSet?.firstTime ?? null,
  lastTime: dataSet?.lastTime ?? null,
  provenance: snapshot.provenance,
  source: snapshot.source,
  snapshotId: snapshot.snapshotId,
  file: dataSet?.file ?? null,
})

const span = (first: number | null, last: number | null): string =>
  first === null || last === null ? 'span unknown' : `${utcDay(first)} to ${utcDay(last)}`

export const dataList: Verb = (group, act) => {
  group
    .command('list')
    .description('list the stored series')
    .option('--symbol <symbol>', 'of this symbol only')
    .addHelpText('after', example('data list --symbol SPX'))
    .action(
      act(async (session, options: { readonly symbol?: string }) => {
        const series = (await storedSeries(await session.state(), options.symbol)).map(factsOf)
        const lines = table([
          ['symbol', 'bar', 'bars', 'span', 'provenance', 'snapshot', 'file'],
          ...series.map(({ symbol, barMs, rows, firstTime, lastTime, provenance, snapshotId, file }) => [
            symbol,
            barName(barMs),
            String(rows),
            span(firstTime, lastTime),
            provenance,
            short(snapshotId),
            file ?? '',
          ]),
        ])
        const empty = ['nothing is stored yet; import bars with: ratchet data import FILE --symbol S']
        session.out.result({ series }, series.length === 0 ? empty : lines)
      }),
    )
}
