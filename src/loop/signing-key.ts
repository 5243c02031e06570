// The keys of a state directory: what the environment gives, and what is kept there; a MAC key is made at its first use (REL-12, REL-25).

import { Fault, unwrap } from '../base/fault.ts'
import { type Secret, secretText } from '../base/secret.ts'
import { readBotKey } from '../release/bot-key.ts'
import { developmentKey, givenHmacKey } from '../release/development-key.ts'
import { ed25519Seed, ed25519SigningKey } from '../release/ed25519.ts'
import { readKeyEntries } from '../release/key-entry.ts'
import { type Key, type KeyFileOptions, readKeyFile } from '../release/key-file.ts'
import { keyFitToStart } from '../release/key-strength.ts'
import { type Keyring, keyring } from '../release/keyring.ts'
import { type HmacKey, isUsable } from '../release/keys.ts'
import type { Ports } from './ports.ts'
import type { Settings } from './settings.ts'

export type KeyPorts = Pick<Ports, 'disk' | 'environment' | 'entropy' | 'clock'> & {
  /** Production makes no key by itself (CFG-07); absent: development. */
  readonly settings?: Pick<Settings, 'mode'> | undefined
}

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

/** The variable, else the file that its `_FILE` names. A key that is set and empty is still a key, and refused. */
export async function givenSecret(
  name: string,
  ports: Pick<KeyPorts, 'disk' | 'environment'>,
): Promise<Secret | undefined> {
  const { [name]: text, [`${name}_FILE`]: path } = ports.environment
  if (text !== undefined) return secretText(text)
  return path === undefined || path === '' ? undefined : readSecret(path, ports)
}

async function fileOptions(directory: string, ports: KeyPorts): Promise<KeyFileOptions & { readonly nowMs: number }> {
  const { disk, environment, clock } = ports
  const master = await givenSecret('MANIFEST_MASTER_KEY', ports)
  const path = keyFileOf(directory)
  return { disk, path, environment: name => environment[name], nowMs: clock.now(), master }
}

/**
 * The shared MAC key to sign with. Faults: `KEY_UNREADABLE`, `KEY_TOO_SHORT`, `KEY_EXAMPLE`, and those of the key file.
 *
 * @example (await signingKey('.ratchet', ports)).keyid // 'hmac:development:1'
 */
export async function signingKey(directory: string, ports: KeyPorts): Promise<HmacKey> {
  const { entropy } = ports
  const options = await fileOptions(directory, ports)
  return unwrap(await developmentKey({ ...options, given: await givenSecret('MANIFEST_HMAC_KEY', ports), entropy })).key
}

const NO_KEY = {
  fix: 'make one: ratchet keys new; or set MANIFEST_HMAC_KEY, or MANIFEST_HMAC_KEY_FILE to the file that holds it',
}

/** Keys that the environment gives; they win over keys of the same id in the file. */
async function givenKeys(ports: Pick<KeyPorts, 'disk' | 'environment'>): Promise<readonly Key[]> {
  const shared = await givenSecret('MANIFEST_HMAC_KEY', ports)
  const signing = await givenSecret('MANIFEST_SIGNING_KEY', ports)
  const bot = await givenSecret('MANIFEST_BOT_KEY', ports)
  return [
    ...(shared === undefined ? [] : [givenHmacKey(unwrap(keyFitToStart(shared)))]),
    ...(signing === undefined ? [] : [ed25519SigningKey(unwrap(ed25519Seed(signing)))]),
    ...(bot === undefined ? [] : [unwrap(readBotKey(bot))]),
  ]
}

/**
 * All keys that are believed here. Faults: `KEY_MISSING` where there is none at all, `KEY_UNREADABLE`, `KEY_FORMAT`,
 * `KEY_TOO_SHORT`, `KEY_EXAMPLE`, and those of the key file.
 *
 * @example (await verifyingRing('.ratchet', ports)).trusted.map(({ keyid }) => keyid)
 */
export const verifyingRing = (directory: string, ports: KeyPorts): Promise<Keyring> => ringOf(directory, ports, false)

/** @param complete also the keys of bots, which only who signs for them needs: `KEY_MISSING` without the master */
async function ringOf(directory: string, ports: KeyPorts, complete: boolean): Promise<Keyring> {
  const own = await givenKeys(ports)
  const options = await fileOptions(directory, ports)
  const filed = unwrap(await readKeyFile({ ...options, withoutBots: !complete && options.master === undefined }))
  if (own.length === 0 && filed === undefined) {
    throw new Fault('KEY_MISSING', 'there is no key to check signatures with', { place: options.path, ...NO_KEY })
  }
  const keys = filed ?? []
  const gone = own.find(({ keyid }) => keys.some(key => key.keyid === keyid && key.state === 'revoked'))
  if (gone !== undefined) {
    throw new Fault('KEY_REVOKED', `${gone.keyid} is given by the environment, and revoked here`, {
      place: options.path,
      fix: 'take it out of the environment and make another: ratchet keys new',
    })
  }
  for (const key of keys.filter(isShared)) if (isUsable(key, options.nowMs)) unwrap(keyFitToStart(key.secret))
  // A shared MAC key that is given stands in the place of those that are kept: whoever hands one in means that one.
  const kept = own.some(isShared) ? keys.filter(key => !isShared(key)) : keys
  const entries = unwrap(await readKeyEntries(options.disk, options.path))
  const { nowMs } = options
  return keyring({ known: [...own, ...kept], nowMs, epoch: entries?.epoch })
}

const isShared = (key: Key): key is HmacKey => key.alg === 'hmac' && key.perBot !== true && key.use === 'release'

/** To publish with: nothing is made, and no bot is left out. Faults besides: `KEY_MISSING` where the master is not here. */
export const publishingRing = (directory: string, ports: KeyPorts): Promise<Keyring> => ringOf(directory, ports, true)

/**
 * To sign with: a shared MAC key is made where nothing was given and nothing is kept, and no bot is left out.
 *
 * @example (await signingRing('.ratchet', ports)).release[0].keyid // 'hmac:development:1'
 */
export async function signingRing(directory: string, ports: KeyPorts): Promise<Keyring> {
  await makeFirst(directory, ports)
  return ringOf(directory, ports, true)
}

/** For what signs for itself at most, as a replay does: as `signingRing`, without the keys of bots. */
export async function startingRing(directory: string, ports: KeyPorts): Promise<Keyring> {
  await makeFirst(directory, ports)
  return ringOf(directory, ports, false)
}

async function makeFirst(directory: string, ports: KeyPorts): Promise<void> {
  const some = (await givenKeys(ports)).length > 0 || (await ports.disk.stat(keyFileOf(directory))) !== undefined
  if (some) return
  if (ports.settings?.mode === 'production') {
    throw new Fault('KEY_MISSING', 'production does not make a key by itself', {
      place: keyFileOf(directory),
      ...NO_KEY,
    })
  }
  await signingKey(directory, ports)
}
