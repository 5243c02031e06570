// An expected refusal: a stable code, one sentence for people, the place it concerns and what to do about it.

export type FaultOptions = {
  /** The file, line, field or URL the fault is about. */
  readonly place?: string
  /** What to do about it, as an imperative sentence. */
  readonly fix?: string
  readonly cause?: unknown
}

/**
 * @example
 * throw new Fault('DATA_TIME_ZONE', 'time "2020-01-02 09:30" has no zone', { place: 'bars.csv:7', fix: 'pass --tz America/New_York' })
 */
export class Fault extends Error {
  readonly code: string
  readonly place: string | undefined
  readonly fix: string | undefined

  constructor(code: string, sentence: string, { place, fix, cause }: FaultOptions = {}) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
    this.place = place
    this.fix = fix
  }

  /** The problem object printed by `--json`. */
  toJSON(): { code: string; sentence: string; place?: string; fix?: string } {
    return {
      code: this.code,
      sentence: this.message,
      ...(this.place === undefined ? {} : { place: this.place }),
      ...(this.fix === undefined ? {} : { fix: this.fix }),
    }
  }
}

/** A value, or the reason there is none. For refusals that the caller decides about. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

export function refused<T = never>(code: string, sentence: string, options?: FaultOptions): Outcome<T> {
  return { ok: false, fault: new Fault(code, sentence, options) }
}

/** The value of an accepted outcome; throws the fault of a refused one. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw outcome.fault
}
