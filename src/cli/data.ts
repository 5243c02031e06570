// `ratchet data ...`: bring bars in and look at what is there.

import { importContracts } from '../loop/import-series.ts'
import type { Verb } from './command.ts'
import { dataBlock, dataUnblock } from './data-block.ts'
import { dataCheck } from './data-check.ts'
import { dataExport } from './data-export.ts'
import { dataFetch } from './data-fetch.ts'
import { dataKnown } from './data-known.ts'
import { dataLeak } from './data-leak.ts'
import { reportLines } from './data-lines.ts'
import { dataList } from './data-list.ts'
import { dataRoll } from './data-roll.ts'
import { example } from './lines.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

type ImportOptions = SeriesOptions & { readonly contract?: string; readonly replace?: true }

export const data: Verb = (program, act) => {
  const group = program.command('data').description('bring bars in, check them, prove that nothing looks ahead')
  addSeriesOptions(
    group
      .command('import')
      .description('import CSV (plain, .gz, .zst) or Parquet files')
      .argument('<files...>')
      .option('--contract <code>', 'futures: whose bars these are, e.g. ESZ5; a contract column says it by itself')
      .option('--replace', 'begin the series anew instead of adding to what is stored')
      .addHelpText('after', example('data import nq-2025.csv --symbol NQ --bar 1m')),
  ).action(
    act(async (session, files: string[], options: ImportOptions) => {
      const state = await session.state()
      const reports = []
      for (const file of files) {
        const request = { ...seriesRequest(file, options), contract: options.contract, replace: options.replace }
        for (const { report, snapshot } of await importContracts(request, state, session.ports)) {
          reports.push({ ...report, snapshotId: snapshot.snapshotId })
        }
      }
      session.out.result({ imported: reports }, reports.flatMap(reportLines))
    }),
  )
  for (const verb of [
    dataFetch,
    dataExport,
    dataCheck,
    dataList,
    dataLeak,
    dataBlock,
    dataUnblock,
    dataRoll,
    dataKnown,
  ])
    verb(group, act)
}
