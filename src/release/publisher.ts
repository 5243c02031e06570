// Port of everything a release can be published to. Paths are those of the published tree (REL-30, REL-31).

import type { Outcome } from '../base/fault.ts'

export type PublisherCapabilities = {
  readonly kind: string
  /** Where it publishes, for people; holds no secret. */
  readonly place: string
  /** Absolute URL that paths are appended to when no CDN stands before it; ends with a slash. */
  readonly originUrl: string
  /** Whether two racing publishers can both win a pointer (false) or never (true). */
  readonly conditionalPointer: boolean
}

export interface Publisher {
  capabilities(): PublisherCapabilities
  /**
   * Writes an object that never changes. Durable when it returns. The same bytes again are `present`;
   * other bytes at that path are refused as `BLOB_CONFLICT` and left alone.
   */
  putBlob(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<'written' | 'present'>>
  /**
   * Replaces a mutable object if its bytes still have the digest that the caller saw (null: there was none).
   * Durable when it returns. Someone else was faster: `POINTER_CONFLICT`.
   */
  putPointer(path: string, bytes: Uint8Array, seenSha256: string | null, signal: AbortSignal): Promise<Outcome<void>>
  /** Undefined where nothing is; more than `limit` bytes throws `FILE_TOO_LARGE`. */
  read(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array | undefined>
}
