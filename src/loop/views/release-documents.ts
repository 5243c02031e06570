// What a registered release says of itself, parsed once: its digest names the same bytes for ever.

import { unwrap } from '../../base/fault.ts'
import type { Evaluation } from '../../release/evaluation.ts'
import { readManifest } from '../../release/manifest.ts'
import type { ReleaseManifest } from '../../release/release.ts'
import { readEvaluation } from '../../serving/evidence.ts'
import type { ReleaseRow } from '../../serving/registry.ts'

export type ReleaseDocuments = { readonly manifest: ReleaseManifest; readonly evaluation: Evaluation }

export interface DocumentShelf {
  /** Faults: those of reading a manifest and an evaluation that the gates once read. */
  of(row: Pick<ReleaseRow, 'digest' | 'manifest' | 'evaluation'>): ReleaseDocuments
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** @param kept documents in memory, the ones asked for last */
export function documentShelf(kept = 500): DocumentShelf {
  const shelf = new Map<string, ReleaseDocuments>()
  return {
    of({ digest, manifest, evaluation }) {
      const documents = shelf.get(digest) ?? {
        manifest: unwrap(readManifest(bytes(manifest))),
        evaluation: unwrap(readEvaluation({ members: new Map([['evaluation.json', bytes(evaluation)]]) })),
      }
      shelf.delete(digest)
      shelf.set(digest, documents)
      for (const old of [...shelf.keys()].slice(0, -kept)) shelf.delete(old)
      return documents
    },
  }
}
