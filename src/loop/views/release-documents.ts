// What a registered release says of itself, parsed once: its digest names the same bytes for ever. Few are kept whole; of many the
// facts that lists show.

import { Fault, unwrap } from '../../base/fault.ts'
import { recent } from '../../base/recent.ts'
import type { Evaluation } from '../../release/evaluation.ts'
import { readManifest } from '../../release/manifest.ts'
import type { ReleaseManifest } from '../../release/release.ts'
import { utcMs } from '../../release/utc.ts'
import { readEvaluation } from '../../serving/evidence.ts'
import type { Registry } from '../../serving/registry.ts'

export type ReleaseDocuments = { readonly manifest: ReleaseManifest; readonly evaluation: Evaluation }

export type ReleaseFacts = {
  readonly thin: boolean
  /** Roles in which a baseline decides. */
  readonly baselineRoles: readonly string[]
  readonly effectiveRows: number
  /** ms UTC. */
  readonly fitEnd: number
  readonly issuedAt: number | null
  readonly expiresAt: number | null
}

export interface DocumentShelf {
  /** Faults: `RELEASE_UNKNOWN`, and those of reading a manifest and an evaluation that the gates once read. */
  of(digest: string): Promise<ReleaseDocuments>
  /** Faults: as above. */
  factsOf(digest: string): Promise<ReleaseFacts>
}

export type DocumentShelfOptions = {
  /** Parsed documents in memory: hundreds of kilobytes each. */
  readonly documentsKept?: number
  /** Hundreds of bytes each. */
  readonly factsKept?: number
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const factsIn = ({ manifest, evaluation }: ReleaseDocuments): ReleaseFacts => ({
  thin: evaluation.thin,
  baselineRoles: Object.entries(evaluation.roles).flatMap(([role, { baseline }]) => (baseline ? [role] : [])),
  effectiveRows: evaluation.rows.effective,
  fitEnd: evaluation.windows.fit[1],
  issuedAt: utcMs(manifest.issuedAt) ?? null,
  expiresAt: utcMs(manifest.expiresAt) ?? null,
})

export function documentShelf(
  { documents: read }: Pick<Registry, 'documents'>,
  { documentsKept = 32, factsKept = 5000 }: DocumentShelfOptions = {},
): DocumentShelf {
  const documents = recent<ReleaseDocuments>(documentsKept)
  const facts = recent<ReleaseFacts>(factsKept)

  const parsed = async (digest: string): Promise<ReleaseDocuments> => {
    const texts = await read(digest)
    if (texts === undefined) {
      throw new Fault('RELEASE_UNKNOWN', `no release ${digest} is known here`, { fix: 'list them: GET /api/releases' })
    }
    const members = new Map([['evaluation.json', bytes(texts.evaluation)]])
    return { manifest: unwrap(readManifest(bytes(texts.manifest))), evaluation: unwrap(readEvaluation({ members })) }
  }

  return {
    async of(digest) {
      const known = documents.get(digest) ?? (await parsed(digest))
      documents.set(digest, known)
      return known
    },
    async factsOf(digest) {
      const known = facts.get(digest)
      if (known !== undefined) return known
      // A list of hundreds must not push out the documents that somebody looks at.
      const made = factsIn(documents.get(digest) ?? (await parsed(digest)))
      facts.set(digest, made)
      return made
    },
  }
}
