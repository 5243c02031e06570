// The published tree of a channel as its publisher sees it: what is current there, and signing on for it (REL-17).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Keyring } from '../release/keyring.ts'
import { POINTER_PATH, publishedPath } from '../release/layout.ts'
import { MANIFEST_CAP, POINTER_FILE_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { openPointer, sealPointer } from '../release/pointer.ts'
import { publishPointer } from '../release/publish.ts'
import type { Publisher } from '../release/publisher.ts'
import type { ReleaseManifest, ReleasePointer } from '../release/release.ts'

export type ChannelTree = {
  readonly publisher: Publisher
  readonly channel: string
  readonly ring: Keyring
  readonly signal: AbortSignal
}

/**
 * The pointer of the tree; undefined where nothing is published. Refusals: those of `openPointer`, `AUDIENCE` for another channel's tree.
 */
export async function currentPointer(tree: ChannelTree, nowMs: number): Promise<Outcome<ReleasePointer | undefined>> {
  const { publisher, channel, ring, signal } = tree
  const bytes = await publisher.read(POINTER_PATH, POINTER_FILE_CAP, signal)
  if (bytes === undefined) return accepted(undefined)
  const pointer = openPointer(bytes, { keys: ring.trusted, required: ['hmac'] }, nowMs)
  if (!pointer.ok || pointer.value.channel === channel) return pointer
  return refused('AUDIENCE', `channel ${pointer.value.channel} is published there, not ${channel}`, {
    place: publisher.capabilities().place,
    fix: 'name another folder or the other channel',
  })
}

export type Current = {
  readonly pointer: ReleasePointer
  readonly manifest: ReleaseManifest
  readonly manifestBytes: Uint8Array
}

/** The pointer of the tree and the manifest it names. Refusals besides: `POINTER_MISMATCH` where that is not the one that was signed. */
export async function currentRelease(tree: ChannelTree, nowMs: number): Promise<Outcome<Current | undefined>> {
  const current = await currentPointer(tree, nowMs)
  if (!current.ok) return current
  const pointer = current.value
  if (pointer === undefined) return accepted(undefined)
  const path = publishedPath('manifest.json', pointer.label)
  const manifestBytes = await tree.publisher.read(path, MANIFEST_CAP, tree.signal)
  if (manifestBytes === undefined || sha256(manifestBytes) !== pointer.manifestSha256) {
    return refused('POINTER_MISMATCH', 'the manifest that the pointer names is not there as it was signed', {
      place: path,
      fix: 'publish the release again',
    })
  }
  const manifest = readManifest(manifestBytes)
  return manifest.ok ? accepted({ pointer, manifest: manifest.value, manifestBytes }) : manifest
}

/**
 * Signs a fresh pointer to what is current: silence would be taken for someone holding news back. Undefined where nothing is published.
 * Refusals: those of `currentRelease`, `POINTER_CONFLICT`.
 */
export async function signOn(
  tree: ChannelTree,
  nowMs: number,
  publishIntervalMs: number,
): Promise<Outcome<ReleasePointer | undefined>> {
  const { publisher, ring, signal } = tree
  const current = await currentRelease(tree, nowMs)
  if (!current.ok) return current
  if (current.value === undefined) return accepted(undefined)
  const sealed = sealPointer(current.value.manifestBytes, { keys: ring.pointer, nowMs, publishIntervalMs })
  if (!sealed.ok) return sealed
  const put = await publishPointer(publisher, sealed.value, signal, ring.pointer)
  return put.ok ? openPointer(sealed.value, { keys: ring.trusted, required: ['hmac'] }, nowMs) : put
}
