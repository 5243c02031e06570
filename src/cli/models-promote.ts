// `ratchet models promote`: puts a release in charge, if every gate lets it pass now (SRV-72).

import { findRelease, listModels } from '../loop/model-catalogue.ts'
import { OVERRIDABLE } from '../serving/override.ts'
import type { Registry } from '../serving/registry.ts'
import { listed, reasonText } from './arguments.ts'
import type { Verb } from './command.ts'
import type { Preview } from './confirm.ts'
import { example } from './lines.ts'
import { operated } from './models-operator.ts'

type PromoteOptions = { readonly reason: string; readonly override?: readonly string[]; readonly source?: string }

/** Fault: those of `findRelease`. */
async function previewOf(release: string, { override }: PromoteOptions, registry: Registry): Promise<Preview> {
  const target = findRelease(release, await registry.releases())
  const now = (await listModels(registry)).find(({ inCharge }) => inCharge)
  const aside = override === undefined ? [] : [`a no of ${override.join(', ')} is set aside`]
  return {
    command: 'models promote',
    lines: [
      `every gate is asked about ${target.label} again, against ${now?.label ?? 'the rule-based baseline'}`,
      ...aside,
      `if it passes it decides from then on, and ${now?.label ?? 'the baseline'} is the way back`,
    ],
    facts: { from: now?.digest ?? null, to: target.digest, override: override ?? [] },
    word: target.label,
  }
}

export const modelsPromote: Verb = (group, act) => {
  group
    .command('promote')
    .description('put a release in charge, if every gate lets it pass now')
    .argument('<release>', 'label, version, id or beginning of a digest')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .option('--override <gates>', `set the no of a gate aside; possible: ${OVERRIDABLE.join(', ')}`, listed)
    .option('--source <place>', 'published tree to read it from, for a release that was refused and not kept')
    .addHelpText('after', example('models promote 20260115_143000_5 --reason "read its card"'))
    .action(
      act(async (session, release: string, options: PromoteOptions) => {
        const { reason, override, source } = options
        if (session.server === undefined) {
          await session.confirm(await previewOf(release, options, (await session.state()).registry))
        }
        return operated(session, { command: { type: 'promote', release, reason, override }, source })
      }),
    )
}
