// Which refusals of a pass mean that the source did not answer, or not in full: nothing is wrong with a release, try again later.

/** Codes of waiting, fetching and giving up. */
export const UNREACHABLE = /^(SOURCE_|TRANSFER_|SLOW_RETRIEVAL$|DEADLINE_EXCEEDED$|BREAKER_OPEN$|RATE_)/

/** A file that a source lacks may still be on its way. @example isUnreachable('SOURCE_EMPTY') // true */
export const isUnreachable = (code: string): boolean => code === 'FILE_MISSING' || UNREACHABLE.test(code)
