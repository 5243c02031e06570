// Where a release comes from, by its own signed word.

import { z } from 'zod'
import type { VerifiedRelease } from '../../release/release.ts'

export type LineageView = {
  dataHash: string
  codeVersion: string
  lockfileSha256: string
  configSha256: string
  seed: number
  parentRelease: string | null
  jobId: string
  platform: string
}

const lineageSchema = z.object({
  data: z.array(z.object({ snapshotId: z.string() })).min(1),
  codeVersion: z.string(),
  lockfileSha256: z.string(),
  configSha256: z.string(),
  seed: z.number(),
  parentRelease: z.string().nullable(),
  jobId: z.string(),
  machine: z.string(),
  durationsMs: z.record(z.string(), z.number()),
})
export type ReleaseLineage = z.infer<typeof lineageSchema>

/** Undefined where the release does not verify, or says nothing of where it comes from. */
export function lineageOf(release: VerifiedRelease | undefined): ReleaseLineage | undefined {
  if (release === undefined) return undefined
  const parsed = lineageSchema.safeParse(JSON.parse(new TextDecoder().decode(release.members.get('lineage.json'))))
  return parsed.success ? parsed.data : undefined
}

const UNKNOWN: LineageView = {
  dataHash: '',
  codeVersion: '',
  lockfileSha256: '',
  configSha256: '',
  seed: 0,
  parentRelease: null,
  jobId: '',
  platform: '',
}

/** Empty where nothing is known for sure. */
export const lineageView = (lineage: ReleaseLineage | undefined): LineageView =>
  lineage === undefined
    ? UNKNOWN
    : { ...factsOf(lineage), dataHash: lineage.data[0]!.snapshotId, platform: lineage.machine }

const factsOf = ({ codeVersion, lockfileSha256, configSha256, seed, parentRelease, jobId }: ReleaseLineage) => ({
  codeVersion,
  lockfileSha256,
  configSha256,
  seed,
  parentRelease,
  jobId,
})
