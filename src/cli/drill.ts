// `ratchet drill`: rehearses faults on copies of the installation and scores what came of them (SRV-80).

import type { DrillOutcome } from '../loop/drills/drill.ts'
import { DRILLS } from '../loop/drills/index.ts'
import { runDrills } from '../loop/drills/run-drills.ts'
import { drillReport } from '../loop/reports/drill.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, table } from './lines.ts'
import { reportLines, writeReport } from './report-options.ts'

const WORDS = { pass: 'ok', miss: 'MISSED', skipped: 'skipped' } as const

const outcomeCells = (outcome: DrillOutcome): string[] =>
  outcome.verdict === 'skipped'
    ? [WORDS.skipped, outcome.name, '', outcome.reason]
    : [WORDS[outcome.verdict], outcome.name, `${outcome.safeAfterMs.toFixed(1)} ms`, outcome.observed]

/** What had to come stands under what was missed. */
function outcomeLines(outcomes: readonly DrillOutcome[]): string[] {
  const rows = table(outcomes.map(outcomeCells))
  return outcomes.flatMap(({ verdict, expected }, index) =>
    verdict === 'miss' ? [rows[index]!, `    expected: ${expected}`] : [rows[index]!],
  )
}

const drillList: Verb = (group, act) => {
  group
    .command('list')
    .description('the faults that can be rehearsed')
    .addHelpText('after', example('drill list'))
    .action(
      act(async ({ out }) => {
        const drills = DRILLS.map(({ name, title, expected }) => ({ name, title, expected }))
        out.result({ drills }, table(drills.map(({ name, title }) => [name, title])))
      }),
    )
}

const drillRun: Verb = (group, act) => {
  group
    .command('run')
    .description('rehearse one fault or all on a copy; writes a report; exit code 6 if one was missed')
    .argument('<name>', 'one of the list, or all')
    .addHelpText('after', example('drill run all'))
    .action(
      act(async (session, name: string) => {
        const { ports, out, signal } = session
        const progress = (outcome: DrillOutcome) => out.note(`${WORDS[outcome.verdict]} ${outcome.name}`)
        const run = await runDrills({ name, signal, progress }, await session.state(), ports)
        const words = ['drill', 'run', name]
        const saved = await writeReport({ html: true, words, reportOf: origin => drillReport(run, origin) }, session)
        const { passed, missed, skipped } = run
        const score = `${passed} of ${passed + missed} passed${skipped === 0 ? '' : `, ${skipped} skipped`}`
        out.result({ ...run, report: saved }, [...outcomeLines(run.outcomes), score, ...reportLines(saved)])
        return missed > 0 ? EXIT.partly : EXIT.done
      }),
    )
}

export const drill: Verb = (program, act) => {
  const group = program.command('drill').description('rehearse faults on a copy of this installation')
  for (const verb of [drillList, drillRun]) verb(group, act)
}
