// Where the files of a release lie in a published tree: the same on disk, bucket and CDN (REL-02, REL-31).

import { modelRole } from './limits.ts'

const MODEL_FOLDERS: Readonly<Record<string, string>> = {
  meta: 'meta_model',
  execution: 'exec_model',
  rl_sizer: 'rl_model',
}

/** @example modelFolder('execution') // 'exec_model' */
export const modelFolder = (role: string): string =>
  Object.hasOwn(MODEL_FOLDERS, role) ? MODEL_FOLDERS[role]! : `${role}_model`

/** The two mutable objects of a tree. */
export const CURRENT_PATH = 'models/current.json'
export const POINTER_PATH = 'models/pointer.json'

/**
 * Path in the published tree of a file that a release directory has under this name.
 *
 * @example publishedPath('models/meta.onnx', '20260115_143000_42') // 'models/meta_model/v20260115_143000_42.onnx'
 * @example publishedPath('card.md', '20260115_143000_42') // 'models/releases/v20260115_143000_42/card.md'
 */
export function publishedPath(name: string, label: string): string {
  const version = label.startsWith('v') ? label : `v${label}`
  const role = modelRole(name)
  return role === undefined ? `models/releases/${version}/${name}` : `models/${modelFolder(role)}/${version}.onnx`
}

/** Beside the pointer: its signature for one bot, where the pointer has no room for all of them. Mutable like it. */
export const pointerMacPath = (keyid: string): string => `models/macs/${fileOfKey(keyid)}`

/** A key id as a file name: no file system or URL takes offence at it. @example fileOfKey('hmac:bot-1:1') // 'hmac+bot-1+1.json' */
export const fileOfKey = (keyid: string): string => `${keyid.replaceAll(':', '+')}.json`

const SUFFIX = { gzip: 'gz', zstd: 'zst' } as const

/**
 * Where a member lies packed: beside itself, which stays for those who read `current.json`.
 *
 * @example packedPath('models/meta_model/v1.0.0.onnx', 'zstd') // 'models/meta_model/v1.0.0.onnx.zst'
 */
export const packedPath = (path: string, encoding: keyof typeof SUFFIX): string => `${path}.${SUFFIX[encoding]}`

/** How long a path may be kept by caches (REL-31). */
export const cacheControl = (path: string): string =>
  path === CURRENT_PATH || path === POINTER_PATH || path.startsWith('models/macs/')
    ? 'public, max-age=60, must-revalidate'
    : 'public, max-age=31536000, immutable'

/** Files beside the members: signed by themselves, so the manifest does not list them (REL-01). */
export const UNLISTED = ['manifest.json', 'envelope.json', 'current.json', 'pointer.json', 'model.sig'] as const

/** Members without which no release is built or verified; models and golden vectors come on top, one per role. */
export const REQUIRED_DOCUMENTS = [
  'evaluation.json',
  'parity.json',
  'features.json',
  'lineage.json',
  'metadata.json',
  'card.md',
] as const

export function mediaType(name: string): string {
  if (name.endsWith('.onnx')) return 'application/octet-stream'
  return name.endsWith('.md') ? 'text/markdown' : 'application/json'
}
