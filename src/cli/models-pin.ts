// `ratchet models pin` and `unpin`: keep what is in charge, whatever comes; and follow new releases again (SRV-72). `resume-promotion`: also after
// releases were taken back (SRV-61).

import { reasonText } from './arguments.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'
import { operated } from './models-operator.ts'

type Why = { readonly reason: string }

export const modelsPin: Verb = (group, act) => {
  group
    .command('pin')
    .description('keep the release in charge: new ones are ignored until unpin')
    .argument('<release>', 'label, version, id or beginning of a digest; it must be in charge')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models pin 20260115_143000_5 --reason "until the new calendar is tested"'))
    .action(
      act(async (session, release: string, { reason }: Why) =>
        operated(session, { command: { type: 'pin', release, reason } }),
      ),
    )
}

export const modelsUnpin: Verb = (group, act) => {
  group
    .command('unpin')
    .description('follow new releases again')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models unpin --reason "the calendar is tested"'))
    .action(act(async (session, { reason }: Why) => operated(session, { command: { type: 'unpin', reason } })))
}

export const modelsResume: Verb = (group, act) => {
  group
    .command('resume-promotion')
    .description('let releases take charge by themselves again, after rollbacks that stopped it')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models resume-promotion --reason "the feed is mended"'))
    .action(
      act(async (session, { reason }: Why) => operated(session, { command: { type: 'resumePromotion', reason } })),
    )
}
