// Signs a release directory again, or for others too: its envelope, and the bundle for third-party tools (release chapter, section 9).

import { replaceFile } from '../base/disk.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { secretText } from '../base/secret.ts'
import { directoryReader } from '../release/directory.ts'
import { ed25519Seed, ed25519SigningKey } from '../release/ed25519.ts'
import { addSignatures, claimedSigners } from '../release/envelope.ts'
import type { Keyring } from '../release/keyring.ts'
import type { SigningKey } from '../release/keys.ts'
import { CURRENT_CAP, ENVELOPE_CAP, MANIFEST_CAP, memberCap, POINTER_FILE_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { BUNDLE_NAME, type BundleFiles, bundleKey, signBundle } from '../release/model-signing.ts'
import { isMacName, MAC_FILE_CAP, macName, sideMacs } from '../release/side-macs.ts'
import type { Ports } from './ports.ts'
import { givenSecret, readSecret } from './signing-key.ts'

type SignPorts = Pick<Ports, 'disk' | 'environment'>

export const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.')

/** The offline root key, from the file that is brought for this one time. Faults: `KEY_UNREADABLE`, `KEY_FORMAT`. */
export async function rootKey(path: string, ports: SignPorts): Promise<SigningKey> {
  return ed25519SigningKey(unwrap(ed25519Seed(await readSecret(path, ports))), 'root')
}

export type EnvelopeRequest = {
  /** `manifest.json` of a release directory. */
  readonly manifest: string
  readonly keys: readonly SigningKey[]
  /** What is known of keys: signatures of revoked ones are taken out. */
  readonly ring: Pick<Keyring, 'trusted'>
  /** Writes `envelope.json` and side files; otherwise nothing is changed. */
  readonly write: boolean
}

export type SignedEnvelope = { readonly text: string; readonly keyids: readonly string[]; readonly sideFiles: number }

/**
 * Adds signatures to the envelope beside the manifest, or begins one; signatures of other keys stay. Faults: those of the
 * manifest and the disk, `RELEASE_KEYS` without a key, `ENVELOPE_FULL`.
 */
export async function signEnvelope(
  { manifest, keys, ring, write }: EnvelopeRequest,
  { disk }: SignPorts,
): Promise<SignedEnvelope> {
  const folder = folderOf(manifest)
  const body = await disk.read(manifest, MANIFEST_CAP)
  unwrap(readManifest(body, manifest))
  if (keys.length === 0) {
    throw new Fault('RELEASE_KEYS', 'there is no key to sign with', { fix: 'make one with: ratchet keys new' })
  }
  const path = `${folder}/envelope.json`
  const there = (await disk.stat(path)) === undefined ? undefined : await disk.read(path, ENVELOPE_CAP)
  const gone = ring.trusted.filter(({ state }) => state === 'revoked').map(({ keyid }) => keyid)
  const bytes = unwrap(addSignatures(there, body, keys, gone))
  const side = sideMacs(bytes, keys)
  if (write) {
    await replaceFile(disk, path, bytes)
    for (const [keyid, mac] of side) await replaceFile(disk, `${folder}/${macName(keyid)}`, mac)
  }
  return { text: new TextDecoder().decode(bytes), keyids: claimedSigners(bytes), sideFiles: side.size }
}

const CAPS: Readonly<Record<string, number>> = {
  'manifest.json': MANIFEST_CAP,
  'envelope.json': ENVELOPE_CAP,
  'current.json': CURRENT_CAP,
  'pointer.json': POINTER_FILE_CAP,
}

/** Every file of a release directory but the bundle. Faults: `RELEASE_EXTRA_FILE` for what no release holds, those of the disk. */
export async function bundleFiles(directory: string, { disk }: Pick<Ports, 'disk'>): Promise<BundleFiles> {
  const reader = directoryReader(disk, directory)
  const files = new Map<string, Uint8Array>()
  for (const name of (await reader.list()) ?? []) {
    if (name === BUNDLE_NAME) continue
    const cap = CAPS[name] ?? memberCap(name) ?? (isMacName(name) ? MAC_FILE_CAP : undefined)
    if (cap === undefined) throw new Fault('RELEASE_EXTRA_FILE', 'no release holds such a file', { place: name })
    files.set(name, await reader.read(name, cap))
  }
  return files
}

/**
 * Writes `model.sig` beside the manifest. Faults: `KEY_MISSING` without MANIFEST_BUNDLE_KEY, `KEY_FORMAT`, those of `bundleFiles`.
 *
 * @param keyFile in place of MANIFEST_BUNDLE_KEY and MANIFEST_BUNDLE_KEY_FILE
 * @returns where it was written
 */
export async function writeBundle(manifest: string, keyFile: string | undefined, ports: SignPorts): Promise<string> {
  const folder = folderOf(manifest)
  const given =
    keyFile === undefined ? await givenSecret('MANIFEST_BUNDLE_KEY', ports) : await readSecret(keyFile, ports)
  if (given === undefined) {
    throw new Fault('KEY_MISSING', 'a bundle is signed with a P-256 key, and none is given', {
      fix: 'make one with: openssl ecparam -name prime256v1 -genkey -noout -out FILE; then add --bundle-key FILE',
    })
  }
  const key = unwrap(bundleKey(secretText(Buffer.from(given.reveal()).toString('utf8').replaceAll('\\n', '\n'))))
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  const path = `${folder}/${BUNDLE_NAME}`
  await replaceFile(ports.disk, path, signBundle(name, await bundleFiles(folder, ports), key))
  return path
}
