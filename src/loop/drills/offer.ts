// What a drill's publisher offers: releases made of the one in charge, signed by a key that exists for one drill, from a source in memory.

import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import { Fault, unwrap } from '../../base/fault.ts'
import { type BuiltRelease, buildRelease } from '../../release/build.ts'
import type { SigningKey } from '../../release/keys.ts'
import type { ReleaseMembers, VerifiedRelease } from '../../release/release.ts'
import type { ReleaseSource } from '../../release/source.ts'
import { versionLabel } from '../../release/version-label.ts'

export const DRILL_CHANNEL = 'drill'

export type OfferOptions = {
  readonly version: number
  readonly keys: readonly SigningKey[]
  readonly clock: Clock
  readonly epoch?: number | undefined
  readonly after?: BuiltRelease | undefined
  /** In place of the champion's. */
  readonly members?: ReleaseMembers | undefined
}

const evaluationSchema = z.object({ rows: z.object({ total: z.int() }) })

const rowsOf = (members: ReleaseMembers): number =>
  evaluationSchema.parse(JSON.parse(new TextDecoder().decode(members.get('evaluation.json')))).rows.total

/** A release as the champion is, but for what the options change. Faults: those of `buildRelease`. */
export function offeredRelease({ manifest, members }: VerifiedRelease, options: OfferOptions): BuiltRelease {
  const { version, keys, clock, epoch = 1, after } = options
  const { audience, graphSignatures, gates, minRatchet, onnx, provenance } = manifest
  return unwrap(
    buildRelease({
      members: options.members ?? members,
      channel: DRILL_CHANNEL,
      audience: { profile: 'paper', symbols: audience.symbols },
      epoch,
      version,
      label: versionLabel(clock.now(), version),
      prevManifestSha256: after?.manifestSha256 ?? null,
      graphSignatures,
      gates,
      minRatchet,
      onnx,
      provenance,
      trainingSamples: rowsOf(members),
      keys,
      baseUrl: 'https://drill.invalid/',
      clock,
    }),
  )
}

/** A release directory in memory. */
export function offeredFiles(files: ReleaseMembers): ReleaseSource {
  return {
    describe: () => ({ kind: 'drill', place: 'memory' }),
    discover: () =>
      Promise.resolve({
        kind: 'found',
        cursor: '',
        candidates: [{ layout: 'directory', root: '', files: [...files.keys()].sort() }],
      }),
    async *open({ path }, { offset, limit }) {
      const bytes = files.get(path)
      if (bytes === undefined) throw new Fault('FILE_MISSING', 'is not offered', { place: path })
      yield bytes.subarray(offset, offset + limit)
    },
  }
}
