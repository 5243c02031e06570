// `ratchet keys rotate`: a successor beside the key it replaces, or new keys for all in a new epoch (REL-26).

import { Fault } from '../base/fault.ts'
import { keysOf } from '../loop/key-store.ts'
import { type NewEpoch, newEpoch, rotateKey } from '../loop/rotate-key.ts'
import { days, reasonText } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { keyFacts } from './keys-list.ts'
import { count, example } from './lines.ts'

type RotateOptions = { readonly overlap?: number; readonly newEpoch?: boolean; readonly reason?: string }

async function beginEpoch(session: Session, reason: string | undefined): Promise<NewEpoch> {
  const { ports, stateDirectory } = session
  if (reason === undefined)
    throw new Fault('USAGE', 'a new epoch wants a reason', { place: '--reason', fix: 'add one' })
  const { epoch = 1, keys } = await keysOf(stateDirectory, ports)
  const standing = keys.filter(({ use, state }) => use !== 'root' && (state === 'active' || state === 'next'))
  await session.confirm({
    command: 'keys rotate --new-epoch',
    lines: [
      `${count(standing.length, 'key')} that sign online are revoked for good and replaced`,
      `epoch ${epoch + 1} begins: bots refuse everything older, also as a way back`,
      'bots take its first release only with a signature of the root key',
    ],
    facts: { epoch, keys: standing.map(({ keyid }) => keyid) },
    word: `epoch-${epoch + 1}`,
  })
  return newEpoch(reason, stateDirectory, ports)
}

export const keysRotate: Verb = (group, act) => {
  group
    .command('rotate')
    .description('replace a key; both sign until the overlap is over')
    .argument('[keyid]', 'the key to replace (default: the shared HMAC key)')
    .option('--overlap <time>', 'how long both are valid, e.g. 7d (default: 7d)', days)
    .option('--new-epoch', 'a key is in wrong hands: revoke and replace all that sign online, and begin a new epoch')
    .option('--reason <text>', 'why; with --new-epoch', reasonText)
    .addHelpText('after', example('keys rotate hmac:shared:1'))
    .action(
      act(async (session, keyid: string | undefined, options: RotateOptions) => {
        const { ports, out, stateDirectory } = session
        if (options.newEpoch === true) {
          const begun = await beginEpoch(session, options.reason)
          const { epoch, revoked, made } = begun
          out.result({ epoch, revoked, made: made.map(keyFacts) }, [
            `epoch ${epoch} begins`,
            ...revoked.map(id => `  revoked ${id}`),
            ...made.map(key => `  made ${key.keyid}`),
            'sign the next release with the root key: ratchet sign --manifest DIR/manifest.json --envelope --root-file FILE',
          ])
          return
        }
        const { old, next } = await rotateKey({ keyid, overlapDays: options.overlap }, stateDirectory, ports)
        out.result({ old: keyFacts(old), next: keyFacts(next) }, [
          `made ${next.keyid}; releases are signed with both`,
          old.state === 'retired'
            ? `${old.keyid} is retired`
            : `${old.keyid} retires on ${old.notAfter?.slice(0, 19)}Z`,
          'give whoever verifies the new key before then',
        ])
      }),
    )
}
