// One request to the API: JSON in, JSON out, a problem where it fails. Answers are of our own server and of the types it is built with.

import type { Answers } from '../../../src/api/schemas/answers.ts'
import { problemOf, RequestProblem } from './problem.ts'

const TIMEOUT_MS = 15_000

async function send(path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetch(path, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new RequestProblem('The server does not answer.', 'UNREACHABLE', 'Is Ratchet still running?', { cause })
  }
}

/** @param also statuses whose body is an answer as well */
async function answered<T>(response: Response, also: readonly number[] = []): Promise<T> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  if (!response.ok && !also.includes(response.status)) throw problemOf(response.status, body)
  return body as T
}

export type Query = Readonly<Record<string, string | number | null | undefined>>

/** `:name` in the path is taken from the query; absent values are left out. */
export function urlOf(path: string, query: Query = {}): string {
  const inPath = new Set<string>()
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    inPath.add(name)
    return encodeURIComponent(query[name] ?? '')
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && !inPath.has(name)) search.set(name, `${value}`)
  const text = search.toString()
  return text === '' ? filled : `${filled}?${text}`
}

export type Path = keyof Answers

export async function get<P extends Path>(
  path: P,
  query: Query = {},
  signal?: AbortSignal,
  also: readonly number[] = [],
): Promise<Answers[P]> {
  const sent = await send(urlOf(path, query), { headers: { accept: 'application/json' } }, signal)
  return answered<Answers[P]>(sent, also)
}

/** @returns one sentence of what was done */
export async function post(path: string, body: unknown): Promise<string> {
  const init: RequestInit = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  }
  const { done } = await answered<{ done: string }>(await send(path, init, undefined))
  return done
}
