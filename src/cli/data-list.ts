// `ratchet data list`: which series are stored.

import { heads } from '../data/data-sets.ts'
import type { DataStatus } from '../data/status.ts'
import { statusReader } from '../loop/data-status.ts'
import { type StoredSeries, storedSeries } from '../loop/stored-series.ts'
import type { Verb } from './command.ts'
import { barName, example, short, table, utcDay, utcMoment } from './lines.ts'

const factsOf = ({ snapshot, dataSet }: StoredSeries, status: DataStatus, inUse: boolean) => ({
  symbol: snapshot.symbol,
  barMs: snapshot.barMs,
  rows: snapshot.partitions.reduce((sum, { rows }) => sum + rows, 0),
  firstTime: dataSet?.firstTime ?? null,
  lastTime: dataSet?.lastTime ?? null,
  provenance: snapshot.provenance,
  status,
  inUse,
  source: snapshot.source,
  snapshotId: snapshot.snapshotId,
  file: dataSet?.file ?? null,
})

const span = (first: number | null, last: number | null): string =>
  first === null || last === null ? 'span unknown' : `${utcDay(first)} to ${utcDay(last)}`

export const dataList: Verb = (group, act) => {
  group
    .command('list')
    .description('list the stored series, and whether each may be relied on')
    .option('--symbol <symbol>', 'of this symbol only')
    .addHelpText('after', example('data list --symbol SPX'))
    .action(
      act(async (session, options: { readonly symbol?: string }) => {
        const state = await session.reading()
        const statuses = await statusReader(state, session.ports)
        const macro = options.symbol === undefined ? await state.macro.list() : []
        const stored = await storedSeries(state, options.symbol)
        const used = heads(stored.flatMap(({ dataSet }) => dataSet ?? []))
        const series = stored.map(one =>
          factsOf(one, statuses.bars(one), one.dataSet !== undefined && used.includes(one.dataSet)),
        )
        const economic = macro.map(version => ({ ...version, status: statuses.macro(version) }))
        const lines = table([
          ['symbol', 'bar', 'bars', 'span', 'provenance', 'source', 'status', 'in use', 'snapshot', 'file'],
          ...series.map(
            ({ symbol, barMs, rows, firstTime, lastTime, provenance, source, status, inUse, snapshotId, file }) => [
              symbol,
              barName(barMs),
              String(rows),
              span(firstTime, lastTime),
              provenance,
              source,
              status,
              inUse ? 'yes' : '',
              short(snapshotId),
              file ?? '',
            ],
          ),
        ])
        const others = table([
          ['series', 'values', 'known as', 'source', 'status', 'last asked', 'title'],
          ...economic.map(({ id, revisions, vintages, status, polledAt, title }) => [
            id,
            String(revisions),
            vintages ? 'published' : 'lagged',
            'fred',
            status,
            utcMoment(polledAt),
            title,
          ]),
        ])
        const empty = ['nothing is stored yet; import bars with: ratchet data import FILE --symbol S']
        const shown = [...(series.length === 0 ? [] : lines), ...(economic.length === 0 ? [] : others)]
        session.out.result({ series, economic }, shown.length === 0 ? empty : shown)
      }),
    )
}
