// `ratchet report`: what a trade date or a month of a run came to, as a page and its JSON; and which reports lie here (REP-01).

import { Option } from 'commander'
import { type PeriodKind, periodOf } from '../loop/period.ts'
import { periodReport } from '../loop/reports/period.ts'
import { listReports, reportFolder } from '../loop/reports/save.ts'
import { utcDate } from './arguments.ts'
import type { Verb } from './command.ts'
import { example, table, utcDay } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'

type PeriodOptions = HtmlOption & { readonly run?: string; readonly date?: number; readonly month?: number }

const month = (text: string): number => utcDate(`${text}-01`)

function periodVerb(kind: PeriodKind): Verb {
  const daily = kind === 'daily'
  return (group, act) => {
    const what = daily ? 'trade date' : 'month'
    const command = group
      .command(kind)
      .description(`what one ${what} of a run came to, beside doing nothing and holding`)
      .option('--run <id>', 'the run (default: the newest)')
      .addOption(
        daily
          ? new Option('--date <day>', 'trade date such as 2019-06-14 (default: the last)').argParser(utcDate)
          : new Option('--month <month>', 'month such as 2019-06 (default: the last)').argParser(month),
      )
      .addHelpText('after', example(daily ? 'report daily --date 2019-06-14' : 'report monthly --month 2019-06'))
    addHtmlOption(command).action(
      act(async (session, { run, date, month: asked, html = true }: PeriodOptions) => {
        const ms = daily ? date : asked
        const name = ms === undefined ? undefined : utcDay(ms).slice(0, daily ? 10 : 7)
        const period = await periodOf({ kind, name, run }, await session.reading())
        const chosen = daily ? ['--date', period.name] : ['--month', period.name]
        const words = ['report', kind, ...chosen, '--run', period.run.runId]
        const { verdict } = periodReport(period, { ...session.ports, command: '' })
        const saved = await writeReport({ html, words, reportOf: origin => periodReport(period, origin) }, session)
        const facts = {
          kind,
          name: period.name,
          run: period.run.runId,
          verdict: verdict.text,
          trades: period.trades.length,
        }
        session.out.result({ ...facts, report: saved }, [`${period.name}: ${verdict.text}`, ...reportLines(saved)])
      }),
    )
  }
}

const list: Verb = (group, act) => {
  group
    .command('list')
    .description('list the reports that are kept here, oldest first')
    .addHelpText('after', example('report list'))
    .action(
      act(async ({ ports, out, stateDirectory }) => {
        const folder = reportFolder(ports, stateDirectory)
        const found = await ports.disk.stat(folder)
        const reports = found === undefined ? [] : await listReports(folder, ports.disk)
        const rows = table(reports.map(({ kind, madeAt, name }) => [kind, madeAt, `${folder}/${name}.html`]))
        out.result({ folder, reports }, reports.length === 0 ? [`no report lies in ${folder} yet`] : rows)
      }),
    )
}

export const report: Verb = (program, act) => {
  const group = program.command('report').description('reports of a trade date or a month, and which there are')
  for (const verb of [periodVerb('daily'), periodVerb('monthly'), list]) verb(group, act)
}
