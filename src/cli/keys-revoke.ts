// `ratchet keys revoke`: a key counts no more, at once and for good.

import { keyNamed, keysOf } from '../loop/key-store.ts'
import { revokeKey } from '../loop/rotate-key.ts'
import { reasonText } from './arguments.ts'
import type { Verb } from './command.ts'
import { keyFacts } from './keys-list.ts'
import { example } from './lines.ts'

export const keysRevoke: Verb = (group, act) => {
  group
    .command('revoke')
    .description('take a key out of service at once, also for what is installed')
    .argument('<keyid>', 'e.g. hmac:shared:1')
    .requiredOption('--reason <text>', 'why; it goes into the log', reasonText)
    .addHelpText('after', example('keys revoke hmac:shared:1 --reason "the laptop was stolen"'))
    .action(
      act(async (session, keyid: string, { reason }: { readonly reason: string }) => {
        const { ports, out, stateDirectory } = session
        const { keys } = await keysOf(stateDirectory, ports)
        const before = keys.some(key => key.keyid === keyid) ? keyNamed(keyid, keys).state : 'given'
        await session.confirm({
          command: 'keys revoke',
          lines: [
            `nothing that ${keyid} alone signed is believed any more`,
            'releases that are installed with it are no way back, and none of them starts again',
            'a revoked key never comes back',
          ],
          facts: { keyid, state: before },
          word: keyid,
        })
        const entry = await revokeKey(keyid, reason, stateDirectory, ports)
        out.result(keyFacts(entry), [`revoked ${keyid}`])
      }),
    )
}
