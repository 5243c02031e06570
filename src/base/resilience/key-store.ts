// Port of the memory for idempotency keys: it outlives the server (API-03).

export type StoredKey = {
  /** SHA-256 of the request that was made under it. */
  readonly request: string
  /** JSON of what was answered; null while it is worked on, and for good where the server ended before it was done. */
  readonly answer: string | null
}

/** Fault of each: `DATABASE_BUSY` while somebody else writes for longer than is waited. */
export interface KeyStore {
  /**
   * Takes a key for a request, durably, or gives what stands under it already.
   *
   * @param at ms UTC
   * @param oldest keys that were taken before this are forgotten
   */
  take(key: string, request: string, at: number, oldest: number): Promise<StoredKey | undefined>
  /** What was answered under a key that was taken. */
  answered(key: string, answer: string): Promise<void>
  /** Gives a key back: nothing was done under it. */
  release(key: string): Promise<void>
}
