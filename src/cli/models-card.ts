// `ratchet models card V`: the model card of a release, word for word as it was signed.

import { Fault } from '../base/fault.ts'
import { showModel } from '../loop/model-catalogue.ts'
import { releaseFiles } from '../loop/views/release-files.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

export const modelsCard: Verb = (group, act) => {
  group
    .command('card')
    .description('print the model card of a release as it was signed')
    .argument('<release>', 'label, version, id or the beginning of its digest')
    .addHelpText('after', example('models card 20260115_143000_5'))
    .action(
      act(async ({ reading, ports, out }, name: string) => {
        const { registry, directory } = await reading()
        const model = await showModel(name, registry)
        const { signature, release } = await releaseFiles(model, model.manifest, { ...ports, directory })
        // What is not signed is not shown as evidence.
        if (release === undefined) {
          throw new Fault('CARD_UNSIGNED', `the card is not shown: ${signature.fault ?? 'its files do not verify'}`, {
            place: model.label,
            fix: 'look at what the gates said instead: ratchet models show',
          })
        }
        const card = new TextDecoder().decode(release.members.get('card.md'))
        out.result({ digest: model.digest, label: model.label, card }, card.trimEnd().split('\n'))
      }),
    )
}
