// Another Ratchet's HTTP API as the command line's server: questions and commands, with its refusals as our faults.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { Server } from '../../base/server.ts'

const TIMEOUT_MS = 30_000
const MOST_BYTES = 8 * 1024 * 1024

const problemSchema = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/),
  detail: z.string(),
  hint: z.string().nullable().optional(),
})

/** What another machine says is shown to people: without control characters, and not for pages. */
const quotable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 500)

async function bodyOf(response: Response, place: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MOST_BYTES)
      throw new Fault('SERVER_ANSWER', `the answer is larger than ${MOST_BYTES} bytes`, { place })
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    const fix = 'check that a Ratchet answers at this address'
    throw new Fault('SERVER_ANSWER', 'the answer is not JSON', { place, fix, cause })
  }
}

function refusal(status: number, answer: unknown, place: string): Fault {
  const problem = problemSchema.safeParse(answer)
  if (!problem.success) return new Fault('SERVER_ANSWER', `the server answered ${status}`, { place })
  const { code, detail, hint } = problem.data
  return new Fault(code, quotable(detail), { place, ...(hint ? { fix: quotable(hint) } : {}) })
}

/** @example await ratchetServer('http://127.0.0.1:8000').get('/api/status', signal) */
export function ratchetServer(url: string): Server {
  const ask = async (path: string, signal: AbortSignal, init: RequestInit): Promise<unknown> => {
    const place = `${url}${path}`
    let response: Response
    let text: string
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      response = await fetch(place, { ...init, redirect: 'error', signal: limit })
      text = await bodyOf(response, place)
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      signal.throwIfAborted()
      const fix = 'check the address, and that ratchet up or ratchet serve runs there'
      throw new Fault('SERVER_UNREACHABLE', 'the server does not answer', { place, fix, cause })
    }
    const answer = parsed(text, place)
    if (!response.ok) throw refusal(response.status, answer, place)
    return answer
  }
  return {
    url,
    get: (path, signal) => ask(path, signal, {}),
    post: (path, body, signal) =>
      ask(path, signal, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}
