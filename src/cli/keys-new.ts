// `ratchet keys new`: makes a key, or believes the public key of a publisher.

import { Option } from 'commander'
import { newKey, trustKey } from '../loop/make-key.ts'
import type { KeyAlgorithm, KeyUse } from '../release/keys.ts'
import type { Session, Verb } from './command.ts'
import { keyFacts } from './keys-list.ts'
import { example } from './lines.ts'

type NewOptions = {
  readonly alg: KeyAlgorithm
  readonly use: KeyUse
  readonly name: string
  readonly out?: string
  readonly public?: string
}

const HEX = /^[0-9a-fA-F]{64}$/
const PUBLIC_CAP = 4096

/** A public key as given on the line: its 64 hex digits, or the file that holds it. */
export async function publicKeyText(given: string, { ports }: Pick<Session, 'ports'>): Promise<string> {
  return HEX.test(given) ? given : new TextDecoder().decode(await ports.disk.read(given, PUBLIC_CAP))
}

export const keysNew: Verb = (group, act) => {
  group
    .command('new')
    .description('make a key; or believe the public key of somebody else')
    .addOption(new Option('--alg <name>', 'kind of key').choices(['hmac', 'ed25519']).default('hmac'))
    .addOption(new Option('--use <use>', 'what it signs').choices(['release', 'pointer', 'root']).default('release'))
    .option('--name <name>', 'name of an HMAC key, in its id', 'shared')
    .option('--out <file>', 'write the secret there and keep none here: for the offline root')
    .option('--public <key>', 'believe this Ed25519 key: 64 hex digits, or a file with them or a PEM')
    .addHelpText('after', example('keys new --alg ed25519'))
    .action(
      act(async (session, options: NewOptions) => {
        const { ports, out, stateDirectory } = session
        const { public: given, use } = options
        if (given !== undefined) {
          const text = await publicKeyText(given, session)
          const place = text === given ? undefined : given
          const trusted = await trustKey({ publicKey: text, use, place }, stateDirectory, ports)
          out.result(keyFacts(trusted), [`believed from now on: ${trusted.keyid} (${use})`])
          return
        }
        const made = await newKey(options, stateDirectory, ports)
        if (use === 'root' && made.secretRef !== undefined) {
          out.note('warning: a root key belongs on a machine that is offline; make it there, or with --out on a medium')
        }
        out.result(keyFacts(made), [
          `made ${made.keyid} (${use})`,
          options.out === undefined
            ? `its secret is kept in the state directory`
            : `its secret is in ${options.out} alone`,
        ])
      }),
    )
}
