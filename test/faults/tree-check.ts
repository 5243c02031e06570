// The question of a reader of the published tree: is what the pointer names there, all of it, byte for byte? With nothing of the
// publisher or the verifier.

import { createHash } from 'node:crypto'
import type { DiskImage } from '../../src/serving/fixtures/memory-disk.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export type TreeVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly digest: string }
  | { readonly kind: 'corrupt'; readonly what: string }

const FOLDERS: Readonly<Record<string, string>> = { meta: 'meta_model', execution: 'exec_model', rl_sizer: 'rl_model' }

function pathOf(name: string, label: string): string {
  const role = /^models\/(.+)\.onnx$/.exec(name)?.[1]
  return role === undefined ? `models/releases/v${label}/${name}` : `models/${FOLDERS[role]}/v${label}.onnx`
}

const jsonOf = (bytes: Uint8Array | null | undefined): unknown => JSON.parse(Buffer.from(bytes ?? []).toString())

/** What is wrong with the release of a label; undefined: nothing. */
function damageOf(image: DiskImage, root: string, label: string, digest: string | undefined): string | undefined {
  const at = (name: string) => image.get(`${root}/${pathOf(name, label)}`) ?? undefined
  const manifest = at('manifest.json')
  if (manifest === undefined) return `${label}: the manifest is missing`
  if (digest !== undefined && sha256(manifest) !== digest) return `${label}: the manifest has other bytes`
  const { members } = jsonOf(manifest) as { members: { name: string; sha256: string }[] }
  for (const { name, sha256: wanted } of members) {
    const bytes = at(name)
    if (bytes === undefined) return `${label}: ${name} is missing`
    if (sha256(bytes) !== wanted) return `${label}: ${name} has other bytes`
  }
  return at('envelope.json') === undefined ? `${label}: the envelope is missing` : undefined
}

/** @param image files by path, the tree under `root` */
export function checkTree(image: DiskImage, root = 'tree'): TreeVerdict {
  const pointer = image.get(`${root}/models/pointer.json`)
  if (pointer === undefined) return { kind: 'none' }
  try {
    const { payload } = jsonOf(pointer) as { payload: string }
    const { label, manifestSha256 } = jsonOf(Buffer.from(payload, 'base64')) as {
      label: string
      manifestSha256: string
    }
    const { version } = jsonOf(image.get(`${root}/models/current.json`)) as { version: string }
    // The plain manifest may be one release ahead of the pointer, never of one that is not whole.
    const what = damageOf(image, root, label, manifestSha256) ?? damageOf(image, root, version, undefined)
    return what === undefined ? { kind: 'whole', digest: manifestSha256 } : { kind: 'corrupt', what }
  } catch (cause) {
    return { kind: 'corrupt', what: `the pointer or current.json is unreadable: ${String(cause)}` }
  }
}
