// Keeps the picture true: a snapshot, then the stream; a new snapshot where the stream cannot carry on. Says how old what it knows is.

import type { Live } from '../../../src/api/schemas/status.ts'
import type { RunEvent, RunTopic } from '../../../src/loop/run-event.ts'
import { applyEvents, withLive, withStatus } from './apply-events.ts'
import { batch } from './batch.ts'
import type { Picture } from './picture.ts'
import { type Read, snapshot } from './snapshot.ts'

export type LinkState = 'connecting' | 'live' | 'lost'

export type Connected = {
  readonly picture: Picture | null
  readonly link: LinkState
  /** When the server was last heard, ms UTC; null before the first time. */
  readonly heardAt: number | null
}

export type StreamHandlers = {
  readonly onOpen: () => void
  readonly onEvent: (event: RunEvent) => void
  readonly onLive: (live: Live) => void
  /** The server cannot replay from where we were. */
  readonly onResync: () => void
  /** `final`: the stream will not try again by itself. */
  readonly onError: (final: boolean) => void
}

export type ConnectionPorts = {
  readonly read: Read
  /** Gives the way to close it. */
  readonly openStream: (since: number, handlers: StreamHandlers) => () => void
  /** Runs at the next frame. */
  readonly schedule: (work: () => void) => void
  readonly after: (ms: number, work: () => void) => () => void
  readonly now: () => number
  readonly onChange: (connected: Connected) => void
  /** Which lists of the API are out of date now. */
  readonly onTopics: (topics: ReadonlySet<RunTopic>) => void
}

const POLL_MS = 4000
const RETRY_MS = 1500

export type Connection = {
  /** Asks what is true now: someone did something and looks for what came of it. */
  readonly refresh: () => Promise<void>
  readonly stop: () => void
}

/** Starts at once. */
export function connect(ports: ConnectionPorts): Connection {
  const { read, schedule, after, now, onChange, onTopics } = ports
  let connected: Connected = { picture: null, link: 'connecting', heardAt: null }
  let stopped = false
  let loading = false
  let streaming = false
  let closeStream = (): void => {}
  let stopPolling = (): void => {}

  const set = (change: Partial<Connected>): void => {
    if (stopped) return
    connected = { ...connected, ...change }
    onChange(connected)
  }
  const heard = (change: Partial<Connected> = {}): void => set({ ...change, heardAt: now() })

  const take = batch<RunEvent>(schedule, events => {
    // What was under way while a new snapshot is read is in it, or comes again.
    if (connected.picture === null || loading) return
    const { picture, ended } = applyEvents(connected.picture, events)
    heard({ picture })
    if (ended === 'ok') onTopics(new Set(events.map(({ topic }) => topic)))
    else void load()
  })
  const takeLive = batch<Live>(schedule, lives => {
    if (connected.picture !== null) heard({ picture: withLive(connected.picture, lives.at(-1)!) })
  })

  function open(since: number): void {
    closeStream()
    closeStream = ports.openStream(since, {
      onOpen: () => {
        streaming = true
        heard({ link: 'live' })
      },
      onEvent: take,
      onLive: takeLive,
      onResync: () => void load(),
      onError: final => {
        streaming = false
        set({ link: 'lost' })
        if (final) after(RETRY_MS, () => (stopped || loading ? undefined : open(connected.picture?.lastSeq ?? 0)))
      },
    })
  }

  async function load(): Promise<void> {
    if (loading || stopped) return
    loading = true
    streaming = false
    closeStream()
    try {
      const picture = await snapshot(read)
      heard({ picture })
      open(picture.lastSeq)
    } catch {
      // Whatever it was, the answer is the same: say that we know nothing new, and ask again.
      set({ link: 'lost' })
      after(RETRY_MS, () => void load())
    } finally {
      loading = false
    }
  }

  async function refresh(): Promise<void> {
    try {
      const status = await read('/api/status')
      const { picture } = connected
      if (picture !== null && !loading) {
        // An answer that did not come is made up for by one that does, where the stream held.
        heard({ picture: withStatus(picture, status), ...(streaming ? { link: 'live' } : {}) })
        if (status.run?.runId !== picture.status.run?.runId) void load()
      }
    } catch {
      set({ link: 'lost' })
    }
  }

  async function poll(): Promise<void> {
    await refresh()
    if (!stopped) stopPolling = after(POLL_MS, () => void poll())
  }

  void load()
  stopPolling = after(POLL_MS, () => void poll())
  return {
    refresh,
    stop() {
      stopped = true
      stopPolling()
      closeStream()
    },
  }
}
