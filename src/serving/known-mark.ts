// The high-water mark to verify against; where its file is lost, what history and the store still prove (REL-18).

import { accepted, type Outcome } from '../base/fault.ts'
import { type HighWater, type HighWaterFile, recoverHighWater } from '../release/high-water.ts'
import { readManifest } from '../release/manifest.ts'
import { utcMs } from '../release/utc.ts'
import type { Installation } from './installation.ts'

/** Refusal: `HWM_LOST`, until a person accepts a new beginning. */
export async function knownMark(
  memory: HighWaterFile,
  channel: string,
  { registry, store, log }: Pick<Installation, 'registry' | 'store' | 'log'>,
): Promise<Outcome<HighWater | undefined>> {
  const read = await memory.read()
  if (read.ok && read.value !== undefined) return read
  const evidence: HighWater[] = []
  for (const row of await registry.releases()) {
    const manifest = readManifest(new TextEncoder().encode(row.manifest))
    if (!manifest.ok || manifest.value.channel !== channel) continue
    const { epoch, version, issuedAt } = manifest.value
    const maxSignedTime = utcMs(issuedAt) ?? 0
    evidence.push({ channel, epoch, version, manifestSha256: row.digest, maxSignedTime, seq: 1 })
  }
  const storeIsEmpty = (await store.list()).length === 0
  if (read.ok && evidence.length === 0 && storeIsEmpty) return accepted(undefined)
  const recovered = recoverHighWater(evidence, { storeIsEmpty })
  const found = recovered.ok
    ? `version ${recovered.value?.version ?? 'none'} is known from the registry`
    : 'and nothing replaces it'
  log.write('warn', 'sync.hwm', `The high-water mark is ${read.ok ? 'missing' : 'broken'}: ${found}`)
  return recovered
}
