// The event stream of the API through the browser's EventSource, which reconnects by itself from the last event it got.

import type { Live } from '../../../src/api/schemas/status.ts'
import type { RunTopic } from '../../../src/loop/run-event.ts'
import { urlOf } from '../api/request.ts'
import type { StreamHandlers } from '../live/connection.ts'
import { eventOf } from '../live/flat-event.ts'

const TOPICS: Readonly<Record<RunTopic, true>> = {
  run: true,
  bar: true,
  fill: true,
  trade: true,
  training: true,
  published: true,
  judged: true,
  swap: true,
  risk: true,
  control: true,
  sync: true,
}

/** @param since seq of the newest event that is known */
export function openEventStream(
  since: number,
  { onOpen, onEvent, onLive, onResync, onError }: StreamHandlers,
): () => void {
  const source = new EventSource(urlOf('/api/events', { since }))
  const on = (name: string, work: (event: MessageEvent<string>) => void): void =>
    source.addEventListener(name, work as EventListener)
  source.addEventListener('open', onOpen)
  for (const topic of Object.keys(TOPICS)) on(topic, event => onEvent(eventOf({ ...JSON.parse(event.data), topic })))
  on('live', event => onLive(JSON.parse(event.data) as Live))
  on('resync', onResync)
  source.addEventListener('error', () => onError(source.readyState === EventSource.CLOSED))
  return () => source.close()
}
