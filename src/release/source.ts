// Port of everything a release can be fetched from: a directory, a bucket, a CDN, a release page (REL-40).

import type { Fault } from '../base/fault.ts'

/** One object of a source. The path is the source's own; it never comes from a manifest. */
export type ObjectRef = { readonly path: string }

/** A place where a release may lie. Hints only: nothing here is trusted. */
export type ReleaseCandidate =
  /** A published tree (REL-31): pointer, current manifest, and everything else found through them. */
  | { readonly layout: 'tree'; readonly pointer: ObjectRef; readonly root: string }
  /** One release directory as `writeReleaseDirectory` leaves it. */
  | { readonly layout: 'directory'; readonly root: string; readonly files: readonly string[] }

export type Discovery =
  | { readonly kind: 'notModified'; readonly cursor: string }
  /** The best first: the first one that is accepted ends the pass. */
  | { readonly kind: 'found'; readonly cursor: string; readonly candidates: readonly ReleaseCandidate[] }

export type ByteRange = {
  /** First byte wanted, for resuming. */
  readonly offset: number
  /** At most this many bytes are read. */
  readonly limit: number
  /** The object must end before the limit: where its size is told beforehand and is not below, `FILE_TOO_LARGE` comes without reading. */
  readonly whole?: boolean
}

export interface ReleaseSource {
  /** What is new since the cursor of an earlier call; undefined asks for everything. */
  discover(cursor: string | undefined, signal: AbortSignal): Promise<Discovery>
  /** Faults: `FILE_MISSING`, `FILE_NOT_REGULAR`, `SOURCE_UNREACHABLE`; an aborted signal throws its reason. */
  open(ref: ObjectRef, range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** What became of a candidate, for a source that has several places to choose from; no fault: it was accepted. */
  judged?(candidate: ReleaseCandidate, fault: Fault | undefined): void
  /** How many objects may be read at once; one where absent. */
  readonly parallel?: number
  /** For people and logs; holds no secret. */
  describe(): { readonly kind: string; readonly place: string }
}
