// `ratchet models rollback`: takes the release in charge back (SRV-62).

import { unwrap } from '../base/fault.ts'
import { takeBack } from '../loop/take-back.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, short } from './lines.ts'

type RollbackOptions = { readonly to?: string; readonly reason: string }

export const modelsRollback: Verb = (group, act) => {
  group
    .command('rollback')
    .description('take the release in charge back')
    .option('--to <release>', 'release to go back to (default: the one before)')
    .requiredOption('--reason <text>', 'why; it goes into the history')
    .addHelpText('after', example('models rollback --reason "it loses where the rules won"'))
    .action(
      act(async (session, { to, reason }: RollbackOptions) => {
        const done = unwrap(await takeBack({ to, reason }, await session.state(), session.ports))
        const name = (digest: string | null, label: string | null) =>
          digest === null ? 'the rule-based baseline' : (label ?? short(digest))
        session.out.result(done, [
          `rolled back from ${name(done.from, done.fromLabel)} to ${name(done.to, done.toLabel)}`,
        ])
        if (!done.durable) session.out.note('warning: not all of it could be written; the next start completes it')
        return done.durable ? EXIT.done : EXIT.partly
      }),
    )
}
