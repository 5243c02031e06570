// `ratchet data ...`: bring bars in and look at what is there.

import { importSeries } from '../loop/import-series.ts'
import type { Verb } from './command.ts'
import { dataBlock, dataUnblock } from './data-block.ts'
import { dataCheck } from './data-check.ts'
import { dataFetch } from './data-fetch.ts'
import { dataLeak } from './data-leak.ts'
import { reportLines } from './data-lines.ts'
import { dataList } from './data-list.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

export const data: Verb = (program, act) => {
  const group = program.command('data').description('bring bars in, check them, prove that nothing looks ahead')
  addSeriesOptions(
    group.command('import').description('import CSV (plain, .gz, .zst) or Parquet files').argument('<files...>'),
  ).action(
    act(async (session, files: string[], options: SeriesOptions) => {
      const state = await session.state()
      const reports = []
      for (const file of files) {
        const { report, snapshot } = await importSeries(seriesRequest(file, options), state, session.ports)
        reports.push({ ...report, snapshotId: snapshot.snapshotId })
      }
      session.out.result({ imported: reports }, reports.flatMap(reportLines))
    }),
  )
  for (const verb of [dataFetch, dataCheck, dataList, dataLeak, dataBlock, dataUnblock]) verb(group, act)
}
