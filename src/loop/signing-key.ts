// The MAC key of a state directory: what the environment gives, else the one that is kept there and made at its first use (REL-12, REL-25).

import { Fault, unwrap } from '../base/fault.ts'
import { type Secret, secretText } from '../base/secret.ts'
import { developmentKey } from '../release/development-key.ts'
import type { HmacKey } from '../release/keys.ts'
import type { Ports } from './ports.ts'

export type KeyPorts = Pick<Ports, 'disk' | 'environment' | 'entropy' | 'clock'>

const SECRET_CAP = 4096

export const keyFileOf = (directory: string): string => `${directory}/state/keys.json`

/**
 * A key as its file holds it; the line end that editors and `openssl` leave is not part of it.
 * Fault: `KEY_UNREADABLE` naming the file.
 */
export async function readSecret(path: string, { disk }: Pick<KeyPorts, 'disk'>): Promise<Secret> {
  try {
    return secretText(new TextDecoder().decode(await disk.read(path, SECRET_CAP)).trimEnd())
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const why =
      cause.code === 'FILE_MISSING' ? 'there is no such key file' : `the key file cannot be read: ${cause.message}`
    throw new Fault('KEY_UNREADABLE', why, {
      place: path,
      fix: 'check the path and its permissions',
      cause,
    })
  }
}

/** What MANIFEST_HMAC_KEY says, else the file that MANIFEST_HMAC_KEY_FILE names. A key that is set and empty is still a key, and refused. */
async function givenKey(ports: KeyPorts): Promise<Secret | undefined> {
  const { MANIFEST_HMAC_KEY: text, MANIFEST_HMAC_KEY_FILE: path } = ports.environment
  if (text !== undefined) return secretText(text)
  return path === undefined || path === '' ? undefined : readSecret(path, ports)
}

/**
 * The key to sign with. Faults: `KEY_UNREADABLE`, `KEY_TOO_SHORT`, `KEY_EXAMPLE`, and those of the key file.
 *
 * @example (await signingKey('.ratchet', ports)).keyid // 'hmac:development:1'
 */
export async function signingKey(directory: string, ports: KeyPorts): Promise<HmacKey> {
  const { disk, environment, entropy, clock } = ports
  const found = await developmentKey({
    disk,
    path: keyFileOf(directory),
    environment: name => environment[name],
    given: await givenKey(ports),
    entropy,
    nowMs: clock.now(),
  })
  return unwrap(found).key
}

/**
 * The key to check signatures with: as `signingKey`, but none is made, because nothing can have been signed with a new one.
 * Fault besides: `KEY_MISSING`.
 */
export async function verifyingKey(directory: string, ports: KeyPorts): Promise<HmacKey> {
  const path = keyFileOf(directory)
  const given = await givenKey(ports)
  if (given === undefined && (await ports.disk.stat(path)) === undefined) {
    throw new Fault('KEY_MISSING', 'there is no key to check signatures with', {
      place: path,
      fix: 'set MANIFEST_HMAC_KEY, or MANIFEST_HMAC_KEY_FILE to the file that holds the key',
    })
  }
  return signingKey(directory, ports)
}
