// Why a request did not succeed, in the words of the API where it gave some (RFC 9457).

import type { Problem } from '../../../src/api/schemas/common.ts'

export class RequestProblem extends Error {
  /** Stable code of the API; `UNREACHABLE` where no answer came. */
  readonly code: string
  readonly hint: string | null

  constructor(sentence: string, code: string, hint: string | null, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'RequestProblem'
    this.code = code
    this.hint = hint
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body

/** @param body the answer, parsed where it was JSON */
export function problemOf(status: number, body: unknown): RequestProblem {
  if (!isProblem(body)) return new RequestProblem(`The server answered ${status}.`, `HTTP_${status}`, null)
  const sentence = body.detail === '' ? body.title : body.detail
  return new RequestProblem(sentence, body.code, body.hint)
}
