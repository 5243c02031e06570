// The high-water mark to verify against; where its file is lost, what history and the store still prove (REL-18).

import { accepted, Fault, type Outcome } from '../base/fault.ts'
import { type HighWater, type HighWaterFile, recoverHighWater } from '../release/high-water.ts'
import { MANIFEST_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { utcMs } from '../release/utc.ts'
import type { Installation } from './installation.ts'

/**
 * A channel that was never followed has no mark, however full the store is of what other channels brought.
 *
 * Refusal: `HWM_LOST`, until a person accepts a new beginning.
 */
export async function knownMark(
  memory: HighWaterFile,
  channel: string,
  { disk, paths, registry, store, log }: Pick<Installation, 'disk' | 'paths' | 'registry' | 'store' | 'log'>,
): Promise<Outcome<HighWater | undefined>> {
  const read = await memory.read()
  if (read.ok && read.value !== undefined) return read
  const evidence: HighWater[] = []
  const ofOthers = new Set<string>()
  for (const row of await registry.releases()) {
    const texts = await registry.documents(row.digest)
    const manifest = texts === undefined ? undefined : readManifest(new TextEncoder().encode(texts.manifest))
    if (manifest?.ok !== true) continue
    const { epoch, version, issuedAt, members } = manifest.value
    if (manifest.value.channel === channel) {
      const maxSignedTime = utcMs(issuedAt) ?? 0
      evidence.push({ channel, epoch, version, manifestSha256: row.digest, maxSignedTime, seq: 1 })
    } else for (const digest of [row.digest, ...members.map(({ sha256 }) => sha256)]) ofOthers.add(digest)
  }
  evidence.push(...(await storedMarks(channel, { disk, paths, store })))
  const blobs = await store.list()
  // A broken mark shows that the channel was followed, so then nothing in the store is innocent.
  const storeIsEmpty = read.ok ? blobs.every(digest => ofOthers.has(digest)) : blobs.length === 0
  if (read.ok && evidence.length === 0 && storeIsEmpty) return accepted(undefined)
  const recovered = recoverHighWater(evidence, { storeIsEmpty })
  const found = recovered.ok
    ? `version ${recovered.value?.version ?? 'none'} is known from the history and the store`
    : 'and nothing replaces it'
  log.write('warn', 'sync.hwm', `The high-water mark is ${read.ok ? 'missing' : 'broken'}: ${found}`)
  return recovered
}

/** What the manifests beside the installed blobs still prove, also with the registry lost: the active one is among them. */
async function storedMarks(
  channel: string,
  { disk, paths, store }: Pick<Installation, 'disk' | 'paths' | 'store'>,
): Promise<HighWater[]> {
  const found: HighWater[] = []
  for (const { name } of await disk.list(paths.envelopes)) {
    const digest = /^([0-9a-f]{64})\.json$/.exec(name)?.[1]
    const bytes = digest === undefined ? undefined : await readable(store.get(digest, MANIFEST_CAP))
    const manifest = bytes === undefined ? undefined : readManifest(bytes)
    if (digest === undefined || manifest?.ok !== true || manifest.value.channel !== channel) continue
    const { epoch, version, issuedAt } = manifest.value
    found.push({ channel, epoch, version, manifestSha256: digest, maxSignedTime: utcMs(issuedAt) ?? 0, seq: 1 })
  }
  return found
}

/** A blob that is damaged or gone proves nothing; the others may. */
async function readable(bytes: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await bytes
  } catch (cause) {
    if (cause instanceof Fault) return undefined
    throw cause
  }
}
