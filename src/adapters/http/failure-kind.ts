// Which failures of the HTTP source are worth another try, and which of them speak against the place (RSL-02, REL-45).

import { Fault } from '../../base/fault.ts'
import type { FailureKind } from '../../base/resilience/policy.ts'
import { NotYetThere, ServerBusy } from './wire-fault.ts'

const RETRYABLE: ReadonlySet<string> = new Set([
  'SOURCE_NAME_UNRESOLVED',
  'SOURCE_UNREACHABLE',
  'SOURCE_RESET',
  'SOURCE_CONNECT_TIMEOUT',
  'SOURCE_HEADERS_TIMEOUT',
  'SOURCE_IDLE_TIMEOUT',
  'SOURCE_UNAVAILABLE',
  'SOURCE_RATE_LIMITED',
  'TRANSFER_TRUNCATED',
])

/** The place answered, and in order: it is well. */
const WELL: ReadonlySet<string> = new Set([
  'FILE_MISSING',
  'FILE_TOO_LARGE',
  'SOURCE_UNAUTHORIZED',
  'SOURCE_FORBIDDEN',
  'SOURCE_STATUS',
])

/** An error that is no fault is a bug: it is neither tried again nor held against anyone. */
export function failureKind(failure: unknown): FailureKind {
  if (failure instanceof NotYetThere) return { retry: 'soft', counts: false }
  if (!(failure instanceof Fault)) return { retry: false, counts: false }
  return {
    retry: RETRYABLE.has(failure.code),
    counts: !WELL.has(failure.code),
    pauseMs: failure instanceof ServerBusy ? failure.pauseMs : undefined,
  }
}
