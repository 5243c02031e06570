// Where the MAC key of a command comes from: named on the line, else from the environment or the state directory.

import { type Command as Commander, InvalidArgumentError, Option } from 'commander'
import { type Secret, secretText } from '../base/secret.ts'
import { readSecret, signingKey, verifyingKey } from '../loop/signing-key.ts'
import { type HmacKey, hmacKeyId } from '../release/keys.ts'
import type { Session } from './command.ts'

export type KeyOptions = { readonly key?: string; readonly keyFile?: string; readonly keyId: string }

/** The id of MANIFEST_HMAC_KEY: the same key must verify what it signed, however it is given. */
const GIVEN_ID = hmacKeyId('manifest', 1)

function keyId(text: string): string {
  if (!/^hmac:[^:]{1,100}:\d{1,9}$/.test(text))
    throw new InvalidArgumentError('an id such as hmac:manifest:1 is expected.')
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

const named = (keyid: string, secret: Secret): HmacKey => ({
  keyid,
  alg: 'hmac',
  use: 'release',
  state: 'active',
  secret,
})

/** @param purpose to sign, a key is made where there is none; to verify, that is a fault */
export async function chosenKey(
  { key, keyFile, keyId }: KeyOptions,
  purpose: 'sign' | 'verify',
  { ports, stateDirectory, out }: Session,
): Promise<HmacKey> {
  if (key !== undefined) {
    out.note('warning: a key given with --key is visible in the process list; use --key-file or MANIFEST_HMAC_KEY')
    return named(keyId, secretText(key))
  }
  if (keyFile !== undefined) return named(keyId, await readSecret(keyFile, ports))
  return purpose === 'sign' ? signingKey(stateDirectory, ports) : verifyingKey(stateDirectory, ports)
}
