// The reading verbs at a running Ratchet that `--url` names: the same questions, asked of its API in place of the state directory (CLI-01).

import { z } from 'zod'
import { Fault } from '../base/fault.ts'
import type { Server } from '../base/server.ts'

/** More than any list of releases or events is long; a server that never ends is no Ratchet. */
const MOST_PAGES = 1000

/** Fault: `SERVER_ANSWER` where it is not what is expected. */
function read<T>(schema: z.ZodType<T>, answer: unknown, place: string): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new Fault('SERVER_ANSWER', 'the server answers in another form', {
    place,
    fix: 'use a command line and a server of one version',
  })
}

/** @example await askOne(server, '/api/status', statusSchema, signal) */
export async function askOne<T>(server: Server, path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  return read(schema, await server.get(path, signal), `${server.url}${path}`)
}

/** Every page of a list. @param path with its query; without limit and cursor */
export async function askAll<T>(
  server: Server,
  path: string,
  item: z.ZodType<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const page = z.object({ items: z.array(item), next: z.string().nullable() })
  const items: T[] = []
  let cursor = ''
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const asked = `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor}`
    const { items: more, next } = await askOne(server, asked, page, signal)
    items.push(...more)
    if (next === null) return items
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
  throw new Fault('SERVER_ANSWER', 'the list does not end', { place: `${server.url}${path}` })
}
