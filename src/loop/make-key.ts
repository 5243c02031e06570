// New keys: made here, or a public one of elsewhere that is believed from now on (REL-25).

import { replaceFile } from '../base/disk.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { secretBytes } from '../base/secret.ts'
import { makeHmacSecret } from '../release/development-key.ts'
import { ed25519SigningKey } from '../release/ed25519.ts'
import type { KeyFileEntry } from '../release/key-entry.ts'
import { ed25519KeyId, hmacKeyId, hmacKeyParts, type KeyAlgorithm, type KeyUse } from '../release/keys.ts'
import { readPublicKey } from '../release/public-key.ts'
import { changeKeys, type KeyStorePorts } from './key-store.ts'
import { keyFileOf } from './signing-key.ts'

export type NewKeyRequest = {
  readonly alg: KeyAlgorithm
  readonly use: KeyUse
  /** Of an HMAC key, in its id. */
  readonly name: string
  /** A file outside the state directory for the secret, which is then not kept here: for the offline root. */
  readonly out?: string | undefined
}

const MADE = { state: 'active' } as const

/** The line of a key that is made now; its secret lies beside the key file, or in `out` alone. Fault: `FILE_EXISTS`. */
export async function makeEntry(
  { alg, use, name, out }: NewKeyRequest,
  generation: number,
  directory: string,
  { disk, entropy }: Pick<KeyStorePorts, 'disk' | 'entropy'>,
): Promise<KeyFileEntry> {
  const path = keyFileOf(directory)
  if (alg === 'hmac') {
    const file = `hmac-${name}-${generation}.key`
    await makeHmacSecret(disk, path, file, entropy)
    return { keyid: hmacKeyId(name, generation), alg, use, ...MADE, secretRef: `file:${file}` }
  }
  const seed = secretBytes(entropy(32))
  const { keyid, publicKey } = ed25519SigningKey(seed, use)
  const text = new TextEncoder().encode(Buffer.from(seed.reveal()).toString('hex'))
  const entry = { keyid, alg, use, ...MADE, publicKey: Buffer.from(publicKey).toString('hex') }
  if (out !== undefined) {
    await writeSecret(out, text, { disk })
    return entry
  }
  const file = `${keyid.replace(':', '-')}.key`
  await replaceFile(disk, path.replace(/[^/]*$/, file), text, 0o600)
  return { ...entry, secretRef: `file:${file}` }
}

/** Never over something that is there. Fault: `FILE_EXISTS`. */
export async function writeSecret(
  path: string,
  bytes: Uint8Array,
  { disk }: Pick<KeyStorePorts, 'disk'>,
): Promise<void> {
  if ((await disk.stat(path)) !== undefined) {
    throw new Fault('FILE_EXISTS', 'there is something already, and a secret never replaces anything', {
      place: path,
      fix: 'name another file',
    })
  }
  await replaceFile(disk, path, bytes, 0o600)
}

/**
 * Makes a key. Faults: `KEY_EXISTS` where one of its kind signs already, `FILE_EXISTS`, `USAGE`, those of the key file.
 *
 * @example (await newKey({ alg: 'ed25519', use: 'release', name: 'shared' }, '.ratchet', ports)).keyid // 'ed25519:…'
 */
export function newKey(request: NewKeyRequest, directory: string, ports: KeyStorePorts): Promise<KeyFileEntry> {
  const { alg, use, name, out } = request
  if (alg === 'hmac' && (out !== undefined || use === 'root')) {
    throw new Fault('USAGE', 'an HMAC key is kept here and is no root key', { fix: 'add --alg ed25519' })
  }
  if (hmacKeyParts(hmacKeyId(name, 1)) === undefined) {
    throw new Fault('USAGE', 'a name of letters, digits, dots and hyphens is expected', { place: '--name' })
  }
  return changeKeys(directory, ports, async file => {
    const rival = file.keys.find(
      key =>
        (key.state === 'active' || key.state === 'next') &&
        key.alg === alg &&
        key.use === use &&
        (key.alg === 'ed25519' ? key.secretRef !== undefined : key.perBot !== true),
    )
    if (rival !== undefined) {
      throw new Fault('KEY_EXISTS', `${rival.keyid} is there for that already`, {
        fix: `replace it with: ratchet keys rotate ${rival.keyid}`,
      })
    }
    const generations = file.keys.flatMap(({ keyid }) => {
      const parts = hmacKeyParts(keyid)
      return parts?.name === name ? [parts.generation] : []
    })
    const entry = await makeEntry(request, Math.max(0, ...generations) + 1, directory, ports)
    return { file: { ...file, keys: [...file.keys, entry] }, value: entry }
  })
}

export type TrustRequest = { readonly publicKey: string; readonly use: KeyUse; readonly place?: string | undefined }

/** Believes a key of elsewhere. Faults: `KEY_FORMAT`, `KEY_EXISTS`, those of the key file. */
export function trustKey(
  { publicKey, use, place }: TrustRequest,
  directory: string,
  ports: KeyStorePorts,
): Promise<KeyFileEntry> {
  const key = unwrap(readPublicKey(publicKey, place))
  if (key.alg !== 'ed25519') {
    throw new Fault(
      'KEY_FORMAT',
      'releases are signed with Ed25519, not with P-256',
      place === undefined ? {} : { place },
    )
  }
  const keyid = ed25519KeyId(key.raw)
  return changeKeys(directory, ports, async file => {
    const known = file.keys.find(entry => entry.keyid === keyid)
    if (known !== undefined) {
      throw new Fault('KEY_EXISTS', `${keyid} is known already as ${known.state}`, { fix: 'see: ratchet keys list' })
    }
    const entry: KeyFileEntry = { keyid, alg: 'ed25519', use, ...MADE, publicKey: Buffer.from(key.raw).toString('hex') }
    return { file: { ...file, keys: [...file.keys, entry] }, value: entry }
  })
}
