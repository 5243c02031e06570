// The stream of events (server-sent events).

import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import type { RunTopic } from '../../loop/run-event.ts'
import { type Api, refusals } from '../api.ts'
import { eventSource } from '../event-source.ts'
import { type StreamRequest, streamEvents } from '../event-stream.ts'
import type { ApiLimits, ServerOptions } from '../options.ts'

const TOPICS = [
  'run',
  'bar',
  'fill',
  'trade',
  'training',
  'published',
  'judged',
  'swap',
  'risk',
  'control',
  'sync',
] as const satisfies readonly RunTopic[]

/** A topic that is missing above does not compile. */
type Missing = Exclude<RunTopic, (typeof TOPICS)[number]>
const everyTopic: Missing extends never ? true : never = true

const topicList = z
  .string()
  .max(200)
  .transform(text => text.split(','))
  .pipe(z.array(z.enum([...TOPICS, 'live'])).min(1))
const seqText = z
  .string()
  .regex(/^\d{1,15}$/, 'the seq of an event is expected')
  .transform(Number)

type EventOptions = Pick<ServerOptions, 'records' | 'control' | 'clock' | 'timer' | 'log'> & {
  readonly limits: ApiLimits
}

/** @returns how many consumers there are, and the end of all streams */
export function eventRoutes(api: Api, { records, control, clock, timer, log, limits }: EventOptions) {
  const source = eventSource({ control, timer, liveMs: limits.liveMs })
  const closing = new AbortController()
  const open = new Set<Promise<void>>()

  const stream = async (request: StreamRequest, raw: ServerResponse, requestId: string): Promise<void> => {
    try {
      await streamEvents(request, raw, { records, source, clock, timer, limits }, closing.signal)
    } catch (cause) {
      const fields = { requestId, cause: String(cause) }
      log.write('error', 'api.stream', 'a stream of events ended by a mistake', fields)
    }
  }

  api.get(
    '/api/events',
    {
      config: { stream: true },
      schema: {
        summary: 'Events as they become durable, from `Last-Event-ID` or `since` on; `live` is what is true now',
        querystring: z.strictObject({ since: seqText.optional(), topics: topicList.optional() }),
        headers: z.looseObject({ 'last-event-id': seqText.optional() }),
        response: {
          200: { description: 'server-sent events', content: { 'text/event-stream': { schema: z.string() } } },
          default: refusals,
        },
      },
    },
    ({ query, headers, method, id }, reply) => {
      reply.hijack()
      const { raw } = reply
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
      if (method === 'HEAD') {
        raw.end()
        return
      }
      raw.flushHeaders()
      // A browser that reconnects repeats its address with the old `since`.
      const since = headers['last-event-id'] ?? query.since
      const topics = query.topics?.filter(topic => topic !== 'live')
      const live = query.topics === undefined || query.topics.includes('live')
      const running = stream({ since, topics, live }, raw, id)
      open.add(running)
      void running.then(() => open.delete(running))
    },
  )

  return {
    consumers: () => (everyTopic ? open.size : 0),
    async close() {
      closing.abort()
      source.close()
      await Promise.all(open)
    },
  }
}
