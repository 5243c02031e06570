// The keys of `state/keys.json` with their secrets, which lie elsewhere and are only referred to (REL-25).

import type { Disk } from '../base/disk.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { type Secret, secretText } from '../base/secret.ts'
import { masterKey, readBotKey } from './bot-key.ts'
import { ed25519KeyFits } from './ed25519.ts'
import { type KeyFileEntry, readKeyEntries, settled } from './key-entry.ts'
import { botKey, ed25519KeyId, hmacKeyParts, type SigningKey, type TrustedKey } from './keys.ts'
import { readPrivate } from './private-file.ts'
import { utcMs } from './utc.ts'

const SECRET_CAP = 4096

export type KeyFileOptions = {
  readonly disk: Disk
  /** Usually `state/keys.json`. Secrets of `file:` lie beside it. */
  readonly path: string
  /** Value of an environment variable. */
  readonly environment: (name: string) => string | undefined
  /** MANIFEST_MASTER_KEY, for the keys of bots that are derived from it. */
  readonly master?: Secret | undefined
  /** Leaves out the keys that come from the master. */
  readonly withoutBots?: boolean | undefined
  /** Which of two keys of a rotation is in its time. */
  readonly nowMs?: number | undefined
}

/** A key that can sign has its secret; the others only verify. */
export type Key = TrustedKey | SigningKey

export const canSign = (key: Key): key is SigningKey => 'secret' in key

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/**
 * Undefined when there is no key file. Faults: those of `readKeyEntries`, `KEY_MISSING` (a secret that is referred to and
 * not there), `KEY_ID` (an id that is not that of its key), `KEY_FORMAT`.
 */
export async function readKeyFile(options: KeyFileOptions): Promise<Outcome<readonly Key[] | undefined>> {
  const file = await readKeyEntries(options.disk, options.path)
  if (!file.ok || file.value === undefined) return file.ok ? accepted(undefined) : file
  const { keys: entries } = file.value
  const keys: Key[] = []
  for (const entry of options.nowMs === undefined ? entries : settled(entries, options.nowMs)) {
    if (options.withoutBots === true && entry.secretRef === 'master') continue
    // A key that signs nothing any more is known by its id; its secret may be long gone.
    if (entry.alg === 'hmac' && (entry.state === 'retired' || entry.state === 'revoked')) {
      const found = await keyOf(entry, options)
      keys.push(found.ok ? found.value : { ...bare(entry), alg: 'hmac', secret: secretText('') })
      continue
    }
    const key = await keyOf(entry, options)
    if (!key.ok) return key
    keys.push(key.value)
  }
  return accepted(keys)
}

async function secretOf(ref: string, options: KeyFileOptions): Promise<Outcome<Secret>> {
  const [kind, name] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)]
  if (kind === 'env') {
    const value = options.environment(name)
    if (value !== undefined && value !== '') return accepted(secretText(value))
    return refused('KEY_MISSING', `the environment has no ${name}`, { place: options.path, fix: `set ${name}` })
  }
  const path = `${folderOf(options.path)}${name}`
  const bytes = await readPrivate(options.disk, path, SECRET_CAP)
  if (!bytes.ok) return bytes
  if (bytes.value === undefined) return refused('KEY_MISSING', 'the secret is not there', { place: path })
  return accepted(secretText(new TextDecoder().decode(bytes.value).trimEnd()))
}

const bare = ({ keyid, use, state, notBefore, notAfter }: KeyFileEntry) => ({
  keyid,
  use,
  state,
  notBefore: notBefore === undefined ? undefined : utcMs(notBefore),
  notAfter: notAfter === undefined ? undefined : utcMs(notAfter),
})

async function botKeyOf(
  entry: Extract<KeyFileEntry, { alg: 'hmac' }>,
  options: KeyFileOptions,
): Promise<Outcome<Secret>> {
  const { keyid, secretRef } = entry
  if (secretRef !== 'master') {
    const text = await secretOf(secretRef, options)
    const key = text.ok ? readBotKey(text.value) : text
    if (!key.ok) return key
    return key.value.keyid === keyid
      ? accepted(key.value.secret)
      : refused('KEY_ID', `the secret of ${keyid} belongs to ${key.value.keyid}`, { place: options.path })
  }
  const parts = hmacKeyParts(keyid)
  if (parts === undefined) return refused('KEY_ID', `${keyid} names no bot`, { place: options.path })
  if (options.master === undefined) {
    return refused('KEY_MISSING', `the key of bot ${parts.name} comes from the master key, which is not here`, {
      place: options.path,
      fix: 'set MANIFEST_MASTER_KEY, or MANIFEST_MASTER_KEY_FILE to the file that holds it',
    })
  }
  const master = masterKey(options.master)
  return master.ok ? accepted(botKey(master.value, parts.name, parts.generation).secret) : master
}

async function keyOf(entry: KeyFileEntry, options: KeyFileOptions): Promise<Outcome<Key>> {
  if (entry.alg === 'hmac') {
    const { perBot } = entry
    const secret = await (perBot === true ? botKeyOf(entry, options) : secretOf(entry.secretRef, options))
    return secret.ok ? accepted({ ...bare(entry), alg: 'hmac', secret: secret.value, perBot }) : secret
  }
  const publicKey = Uint8Array.from(Buffer.from(entry.publicKey, 'hex'))
  const key = { ...bare(entry), alg: 'ed25519', publicKey } as const
  if (entry.keyid !== ed25519KeyId(publicKey)) {
    return refused('KEY_ID', `${entry.keyid} is not the id of its public key`, { place: options.path })
  }
  if (entry.secretRef === undefined || entry.state === 'retired' || entry.state === 'revoked') return accepted(key)
  const secret = await secretOf(entry.secretRef, options)
  return secret.ok ? ed25519KeyFits(key, secret.value, options.path) : secret
}
