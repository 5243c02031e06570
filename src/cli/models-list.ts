// `ratchet models list`: the releases that this installation knows.

import { listModels, type ModelEntry } from '../loop/model-catalogue.ts'
import type { Verb } from './command.ts'
import { example, short, table, utcMoment } from './lines.ts'

export const modelsList: Verb = (group, act) => {
  group
    .command('list')
    .description('list the releases')
    .addHelpText('after', example('models list'))
    .action(
      act(async session => {
        const { registry } = await session.reading()
        const releases = await listModels(registry)
        const inCharge = releases.find(release => release.inCharge)
        const replayed = releases.find(release => release.inReplay)
        const named = (entry: ModelEntry): string => `${entry.label} (${entry.releaseId})`
        const lines = [
          `in charge: ${inCharge === undefined ? 'the rule-based baseline' : named(inCharge)}`,
          ...(replayed === undefined ? [] : [`in charge of the replay: ${named(replayed)}`]),
          ...table(
            releases.map(({ label, version, state, channel, digest, firstSeen, block }) => [
              `  ${label}`,
              `version ${version}`,
              state,
              channel,
              short(digest),
              utcMoment(firstSeen),
              block === null ? '' : `blocked: ${block.reason}`,
            ]),
          ),
        ]
        if (releases.length === 0) lines.push('no release yet; make one with: ratchet up, or ratchet train')
        session.out.result({ inCharge: inCharge?.digest ?? null, inReplay: replayed?.digest ?? null, releases }, lines)
      }),
    )
}
