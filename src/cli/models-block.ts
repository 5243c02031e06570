// `ratchet models block` and `unblock`: a release that is never installed again, nor its models under another version (SRV-72).

import { reasonText } from './arguments.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'
import { operated } from './models-operator.ts'

type Why = { readonly reason: string }

export const modelsBlock: Verb = (group, act) => {
  group
    .command('block')
    .description('never install a release again, nor its models under another version')
    .argument('<release>', 'label, version, id or beginning of a digest; not the one in charge')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models block 20260115_143000_5 --reason "trained on a broken file"'))
    .action(
      act(async (session, release: string, { reason }: Why) =>
        operated(session, { command: { type: 'block', release, reason } }),
      ),
    )
}

export const modelsUnblock: Verb = (group, act) => {
  group
    .command('unblock')
    .description('let a blocked release be installed again')
    .argument('<release>', 'label, version, id or beginning of a digest')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models unblock 20260115_143000_5 --reason "the file was mended"'))
    .action(
      act(async (session, release: string, { reason }: Why) =>
        operated(session, { command: { type: 'unblock', release, reason } }),
      ),
    )
}
