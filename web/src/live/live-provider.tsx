// Holds the one connection of the page and hands its picture to whoever looks, each only with the part it reads.

import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { RunTopic } from '../../../src/loop/run-event.ts'
import { invalidateBy } from '../api/queries.ts'
import { get } from '../api/request.ts'
import { after, now } from '../browser/clock.ts'
import { nextFrame } from '../browser/frame.ts'
import { openEventStream } from '../browser/stream.ts'
import { type Connected, type Connection, connect } from './connection.ts'
import { liveStore } from './live-store.ts'
import type { ChartBar } from './picture.ts'

type Store = ReturnType<typeof liveStore>

const LiveContext = createContext<Store | null>(null)
const RefreshContext = createContext<(() => void) | null>(null)

/** Lists are asked for again at most this often. */
const REFRESH_MS = 1000

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const [store] = useState(liveStore)
  const connection = useRef<Connection>(undefined)
  useEffect(() => {
    const topics = new Set<RunTopic>()
    let waiting = false
    const refresh = (): void => {
      waiting = false
      void invalidateBy(client, topics)
      topics.clear()
    }
    const opened = connect({
      read: get,
      openStream: openEventStream,
      schedule: nextFrame,
      after,
      now,
      onChange: store.set,
      onTopics: seen => {
        for (const topic of seen) topics.add(topic)
        if (!waiting) after(REFRESH_MS, refresh)
        waiting = true
      },
    })
    connection.current = opened
    return opened.stop
  }, [client, store])
  return (
    <LiveContext value={store}>
      <RefreshContext value={() => void connection.current?.refresh()}>{children}</RefreshContext>
    </LiveContext>
  )
}

export function useLiveStore(): Store {
  const store = useContext(LiveContext)
  if (store === null) throw new Error('useLive is used outside of LiveProvider')
  return store
}

/** Asks what is true now, for those who just changed it. */
export function useRefresh(): () => void {
  const refresh = useContext(RefreshContext)
  if (refresh === null) throw new Error('useRefresh is used outside of LiveProvider')
  return refresh
}

/** @param select gives the same value as long as nothing of interest changed: a member, a string, a number */
export function useLive<T>(select: (connected: Connected) => T): T {
  const store = useLiveStore()
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

type FrozenProps = { readonly bars: ChartBar[]; readonly children: ReactNode }

/** For a chart of another time than now: whoever is below sees these bars, and no event changes them. */
export function Frozen({ bars, children }: FrozenProps) {
  const now = useLiveStore()
  const store = useMemo(() => {
    const made = liveStore()
    const { picture } = now.get()
    if (picture !== null) {
      made.set({ picture: { ...picture, bars, revision: 0, fills: [], trades: [] }, link: 'live', heardAt: null })
    }
    return made
  }, [bars, now])
  return <LiveContext value={store}>{children}</LiveContext>
}
