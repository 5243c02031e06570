// `ratchet data ...`: bring bars in and look at what is there.

import type { ImportReport } from '../data/report.ts'
import { importSeries } from '../loop/import-series.ts'
import type { Verb } from './command.ts'
import { dataCheck } from './data-check.ts'
import { dataLeak } from './data-leak.ts'
import { dataList } from './data-list.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

export const reportLines = (report: ImportReport): string[] => [
  `${report.symbol}: ${report.stored} bars of ${report.barMs / 60_000} min from ${report.firstTime} to ${report.lastTime} (${report.calendar})`,
  `  read ${report.rowsRead}, duplicate ${report.duplicates}, conflicting ${report.conflicts}, rejected ${report.rejected}, held back ${report.quarantined}, missing ${report.missingBars}`,
  ...report.firstRejects.map(({ line, reason }) => `  line ${line}: ${reason}`),
  ...report.warnings.map(warning => `  note: ${warning}`),
]

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
  for (const verb of [dataCheck, dataList, dataLeak]) verb(group, act)
}
