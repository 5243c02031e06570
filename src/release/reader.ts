// Where the files of one release come from, named as in a release directory; nothing read here is trusted before `verify`.

import type { Outcome } from '../base/fault.ts'
import type { ReleaseMember } from './release.ts'

export interface ReleaseReader {
  /** Every file there is, sorted, by its name in the release; undefined where a place cannot be listed (a CDN). */
  list(): Promise<readonly string[] | undefined>
  /**
   * The whole file. Reading stops one byte after `limit`.
   *
   * @param member as it was signed: a place that keeps it packed may take the shorter way, with the faults of `unpacked`
   * Faults: `FILE_MISSING`, `FILE_TOO_LARGE` and those of the place it comes from.
   */
  read(name: string, limit: number, member?: ReleaseMember): Promise<Uint8Array>
  /** Asked once the manifest is verified and before any member is read: whether so many bytes have room where they are going. */
  readonly room?: ((bytes: number) => Promise<Outcome<void>>) | undefined
  /** How many files may be read at once; one where absent. */
  /** When a trusted key signed the pointer that led here, ms UTC; undefined where none did. */
  readonly signedAt?: number | undefined
  readonly parallel?: number | undefined
  /** `current.json` of the channel this release was found through; undefined when there is none. */
  channelCurrent?(limit: number): Promise<Uint8Array | undefined>
}
