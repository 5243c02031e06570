// The MAC key of an installation that was given none: made once, kept by its owner alone, never printed (REL-12, REL-25).

import { type Disk, ensureDirectory, replaceFile } from '../base/disk.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { type Secret, secretText } from '../base/secret.ts'
import { writeKeyFile } from './key-entry.ts'
import { canSign, type KeyFileOptions, readKeyFile } from './key-file.ts'
import { keyFitToStart } from './key-strength.ts'
import { type HmacKey, hmacKeyId, isUsable } from './keys.ts'

export type DevelopmentKeyOptions = KeyFileOptions & {
  /** What MANIFEST_HMAC_KEY says; it wins over the key file. */
  readonly given?: Secret | undefined
  /** Random bytes of the operating system. */
  readonly entropy: (count: number) => Uint8Array
  readonly nowMs: number
  /** Name in the ids of keys that are made here. */
  readonly name?: string
}

export type DevelopmentKey = { readonly key: HmacKey; readonly origin: 'given' | 'file' | 'made' }

/**
 * The HMAC key to sign and verify with. Faults: `KEY_TOO_SHORT`, `KEY_EXAMPLE`, `KEY_MISSING` (a key file without a
 * usable HMAC key) and those of `readKeyFile`.
 */
export async function developmentKey(options: DevelopmentKeyOptions): Promise<Outcome<DevelopmentKey>> {
  const { given, nowMs, path } = options
  if (given !== undefined) {
    const fit = keyFitToStart(given)
    return fit.ok ? accepted({ key: givenHmacKey(given), origin: 'given' }) : fit
  }
  const keys = await readKeyFile(options)
  if (!keys.ok) return keys
  if (keys.value === undefined) return accepted({ key: await made(options), origin: 'made' })
  const key = keys.value.find(
    (found): found is HmacKey =>
      found.alg === 'hmac' &&
      canSign(found) &&
      found.use === 'release' &&
      found.perBot !== true &&
      isUsable(found, nowMs),
  )
  if (key === undefined) {
    return refused('KEY_MISSING', 'no usable HMAC key for releases', { place: path, fix: 'run: ratchet keys new' })
  }
  const fit = keyFitToStart(key.secret)
  return fit.ok ? accepted({ key, origin: 'file' }) : fit
}

/** MANIFEST_HMAC_KEY by the id under which releases name it. */
export const givenHmacKey = (secret: Secret): HmacKey => hmacKey(hmacKeyId('manifest', 1), secret)

const hmacKey = (keyid: string, secret: Secret): HmacKey => ({
  keyid,
  alg: 'hmac',
  use: 'release',
  state: 'active',
  secret,
})

/** A new secret beside the key file, durable before anything refers to it: `openssl rand -hex 32` in its form. */
export async function makeHmacSecret(
  disk: Disk,
  path: string,
  file: string,
  entropy: (count: number) => Uint8Array,
): Promise<Secret> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const text = Buffer.from(entropy(32)).toString('hex')
  if (folder !== '') await ensureDirectory(disk, folder.slice(0, -1), 0o700)
  await replaceFile(disk, `${folder}${file}`, new TextEncoder().encode(text), 0o600)
  return secretText(text)
}

async function made({ disk, path, entropy, name = 'development' }: DevelopmentKeyOptions): Promise<HmacKey> {
  const file = `hmac-${name}-1.key`
  const key = hmacKey(hmacKeyId(name, 1), await makeHmacSecret(disk, path, file, entropy))
  await writeKeyFile(disk, path, {
    keys: [{ keyid: key.keyid, alg: 'hmac', use: 'release', state: 'active', secretRef: `file:${file}` }],
  })
  return key
}
