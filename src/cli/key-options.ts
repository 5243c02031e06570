// Where the keys of a command come from: named on the line, else from the environment and the state directory.

import { type Command as Commander, InvalidArgumentError, Option } from 'commander'
import { secretText } from '../base/secret.ts'
import { publishingRing, readSecret, signingKey, verifyingRing } from '../loop/signing-key.ts'
import { type Keyring, keyring } from '../release/keyring.ts'
import { type HmacKey, hmacKeyId, hmacKeyParts } from '../release/keys.ts'
import type { Session } from './command.ts'

export type KeyOptions = { readonly key?: string; readonly keyFile?: string; readonly keyId: string }

/** The id of MANIFEST_HMAC_KEY: the same key must verify what it signed, however it is given. */
const GIVEN_ID = hmacKeyId('manifest', 1)

function keyId(text: string): string {
  if (hmacKeyParts(text) === undefined) throw new InvalidArgumentError('an id such as hmac:manifest:1 is expected.')
  return text
}

export function addKeyOptions(command: Commander): Commander {
  return command
    .option('--key-file <file>', 'file that holds the HMAC key (default: MANIFEST_HMAC_KEY, MANIFEST_HMAC_KEY_FILE)')
    .option('--key-id <id>', 'id under which releases name a key that is given', keyId, GIVEN_ID)
    .addOption(
      new Option('--key <key>', 'the HMAC key itself; others can read it in the process list').conflicts('keyFile'),
    )
}

/** The HMAC key that the line names; undefined where it names none. Fault: `KEY_UNREADABLE`. */
export async function namedKey(
  { key, keyFile, keyId }: KeyOptions,
  { ports, out }: Pick<Session, 'ports' | 'out'>,
): Promise<HmacKey | undefined> {
  if (key !== undefined) {
    out.note('warning: a key given with --key is visible in the process list; use --key-file or MANIFEST_HMAC_KEY')
  }
  const secret =
    key !== undefined ? secretText(key) : keyFile === undefined ? undefined : await readSecret(keyFile, ports)
  return secret && { keyid: keyId, alg: 'hmac', use: 'release', state: 'active', secret }
}

/** The shared HMAC key that signs; one is made where there is none. */
export async function chosenKey(options: KeyOptions, session: Session): Promise<HmacKey> {
  return (await namedKey(options, session)) ?? signingKey(session.stateDirectory, session.ports)
}

/** @param purpose to verify, the keys of bots are left out where their master is not here; to publish, that is a fault */
export async function chosenRing(
  options: KeyOptions,
  purpose: 'publish' | 'verify',
  session: Session,
): Promise<Keyring> {
  const { ports, stateDirectory } = session
  const named = await namedKey(options, session)
  if (named !== undefined) return keyring({ known: [named], nowMs: ports.clock.now() })
  return purpose === 'publish' ? publishingRing(stateDirectory, ports) : verifyingRing(stateDirectory, ports)
}
