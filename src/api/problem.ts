// Every refusal as a problem document: one table from stable codes to HTTP (API-02). Nothing of the inside gets out.

import type { Fault } from '../base/fault.ts'
import type { Problem } from './schemas/common.ts'

/** First match wins; a code that is not listed was understood and refused. */
const STATUS: readonly (readonly [RegExp, number])[] = [
  [/^(FORM_INVALID|CURSOR_INVALID|JSON_INVALID|BODY_MISSING|REQUEST_INVALID)$/, 400],
  [/^(FORBIDDEN|HOST_REFUSED|ORIGIN_REFUSED)$/, 403],
  [/^(NOT_FOUND|RUN_UNKNOWN|RELEASE_UNKNOWN|MODEL_UNKNOWN|DECISION_UNKNOWN|TRAINING_UNKNOWN|DATA_NONE_STORED)$/, 404],
  [/^(VERSION_CHANGED|PREVIEW_STALE)$/, 412],
  [/^TOO_LARGE$/, 413],
  [/^MEDIA_TYPE$/, 415],
  [/^RATE_LIMITED$/, 429],
  [/^(CONTROL_TIMEOUT|DATABASE_[A-Z]+|DISK_FULL|LOCK_BUSY|INSTALL_BUSY|OVERLOADED|CLOSING)$/, 503],
  [/^(NOT_RUNNING|RUN_ENDED|RELEASE_AMBIGUOUS|IDEMPOTENCY_|KILL_|ROLLBACK_|HISTORY_|STATE_)/, 409],
  [/^(ALREADY_|PIN_|SLOT_PINNED|RELEASE_IN_CHARGE|RELEASE_BLOCKED|NOT_(PINNED|BLOCKED|HALTED))/, 409],
]

/** @example statusOf('RUN_UNKNOWN') // 404 */
export const statusOf = (code: string): number => STATUS.find(([pattern]) => pattern.test(code))?.[1] ?? 422

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not well formed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible in the present state',
  412: 'Changed meanwhile',
  413: 'The request is too large',
  415: 'Media type not understood',
  422: 'Refused',
  429: 'Too many requests',
  500: 'The server made a mistake',
  503: 'Not available at the moment',
}

export type ProblemContext = { readonly instance: string; readonly requestId: string }

export type Fields = Problem['fields']

export function problemOf(fault: Fault, { instance, requestId }: ProblemContext, fields: Fields = []): Problem {
  const status = statusOf(fault.code)
  return {
    type: `urn:ratchet:problem:${fault.code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[status]!,
    status,
    detail: fault.message,
    instance,
    code: fault.code,
    fields: [...fields],
    requestId,
    hint: fault.fix ?? null,
  }
}

/** A bug of ours: what it was stands in the log, by the request's id. */
export const bugProblem = ({ instance, requestId }: ProblemContext): Problem => ({
  type: 'urn:ratchet:problem:internal',
  title: TITLES[500]!,
  status: 500,
  detail: 'the request could not be answered; the log says why, by its request id',
  instance,
  code: 'INTERNAL',
  fields: [],
  requestId,
  hint: null,
})
