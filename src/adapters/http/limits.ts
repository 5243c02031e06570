// Every patience of the HTTP source, in one place (REL-41, REL-45, REL-46).

export type HttpLimits = {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number
  /** From there to the headers. */
  readonly headersMs: number
  /** Longest silence inside a body. */
  readonly idleMs: number
  /** A body that stays below this over the window is too slow. */
  readonly leastBytesPerSecond: number
  readonly rateWindowMs: number
  /** Asking for the pointer, tries and waits included. */
  readonly pollMs: number
  /** One whole file, tries and waits included. */
  readonly totalMs: number
  readonly redirects: number
  /** How long after a new pointer a blob may still be on its way to this mirror. */
  readonly settleMs: number
}

export const HTTP_LIMITS: HttpLimits = {
  connectMs: 10_000,
  headersMs: 10_000,
  idleMs: 10_000,
  leastBytesPerSecond: 16 * 1024,
  rateWindowMs: 10_000,
  pollMs: 30_000,
  totalMs: 300_000,
  redirects: 3,
  settleMs: 60_000,
}

/** All headers of an answer together. */
export const HEADERS_CAP = 16 * 1024

/** `Retry-After` is obeyed up to this. */
export const PAUSE_CAP_MS = 5 * 60_000
