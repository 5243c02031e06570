// One consumer of events: from where it was to now out of the database, page by page and never faster than it reads, then as they come (API-04).

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Clock } from '../base/clock.ts'
import type { Timer } from '../base/timer.ts'
import type { RunTopic } from '../loop/run-event.ts'
import type { ReadModel, StoredEvent } from '../trading/read-model.ts'
import type { EventSource } from './event-source.ts'
import type { ApiLimits } from './options.ts'

export type StreamRequest = {
  /** Seq of the last event that the consumer has; undefined: from now on. */
  readonly since: number | undefined
  /** Undefined: all. */
  readonly topics: readonly RunTopic[] | undefined
  readonly live: boolean
}

export type StreamPorts = {
  readonly records: Pick<ReadModel, 'events' | 'eventSpan'>
  readonly source: EventSource
  readonly clock: Clock
  readonly timer: Timer
  readonly limits: ApiLimits
}

/** Text gathered before it is handed to the socket. */
const CHUNK = 32_768
/** Another process may write without telling this one: it is looked up so often. */
const LOOK_MS = 1000

/** One event of the stream; the body is JSON of an object and goes in as it is stored. */
export function eventText({ seq, runId, topic, at, body }: StoredEvent): string {
  const rest = body === '{}' ? '}' : `,${body.slice(1)}`
  return `id: ${seq}\nevent: ${topic}\ndata: {"seq":${seq},"runId":${JSON.stringify(runId)},"at":${at}${rest}\n\n`
}

const plainEvent = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

class Cut extends Error {}

/** Streams until the consumer or the server goes. Never throws for either. */
export async function streamEvents(
  request: StreamRequest,
  response: ServerResponse,
  ports: StreamPorts,
  closing: AbortSignal,
): Promise<void> {
  const { records, source, clock, timer, limits } = ports
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, closing])
  let spokeAt = clock.now()

  /** Waits until the socket has taken what it was given; a consumer that takes nothing is cut when too much waits for it. */
  const drained = async (at: number): Promise<void> => {
    while (response.writableNeedDrain) {
      const stop = new AbortController()
      const all = AbortSignal.any([signal, stop.signal])
      const took = once(response, 'drain', { signal: all }).then(() => true)
      const stalled = timer.sleep(limits.stallMs, all).then(() => false)
      try {
        if (await Promise.race([took, stalled])) return
      } finally {
        stop.abort()
        await Promise.allSettled([took, stalled])
      }
      const waiting = (await records.eventSpan()).newest - at
      if (waiting > limits.queuedEvents)
        throw new Cut(`${waiting} events wait and nothing was read for ${limits.stallMs} ms`)
    }
  }
  const say = (text: string): void => {
    response.write(text)
    spokeAt = clock.now()
  }
  const sayPage = async (rows: readonly StoredEvent[], before: number): Promise<void> => {
    let text = ''
    let at = before
    for (const row of rows) {
      text += eventText(row)
      at = row.seq
      if (text.length < CHUNK) continue
      say(text)
      text = ''
      await drained(at)
    }
    if (text !== '') say(text)
    await drained(at)
  }

  let at = 0
  let shown = ''
  try {
    const { oldest, newest } = await records.eventSpan()
    const { since } = request
    at = since ?? newest
    say('retry: 1000\n\n')
    if (at > newest) {
      say(plainEvent('resync', { oldest, newest }))
      at = newest
    }
    for (;;) {
      const turn = source.turn()
      const span = await records.eventSpan()
      if (at + 1 < span.oldest) {
        say(plainEvent('resync', span))
        at = span.oldest - 1
      }
      const rows = await records.events({ after: at, limit: limits.eventPage, topics: request.topics })
      await sayPage(rows, at)
      const whole = rows.length < limits.eventPage
      at = whole ? Math.max(at, span.newest, rows.at(-1)?.seq ?? 0) : rows.at(-1)!.seq
      const live = request.live ? source.live() : undefined
      const text = live === undefined ? shown : plainEvent('live', live)
      if (text !== shown) say(text)
      shown = text
      if (!whole) continue
      await source.next(turn, LOOK_MS, signal)
      if (clock.now() - spokeAt >= limits.heartbeatMs) say(': still here\n\n')
      await drained(at)
    }
  } catch (cause) {
    if (cause instanceof Cut) {
      say(plainEvent('cut', { reason: cause.message, seq: at }))
      response.end()
      await timer.sleep(LOOK_MS)
      response.destroy()
    } else if (!signal.aborted) {
      response.destroy()
      throw cause
    } else if (closing.aborted) response.end()
  }
}
