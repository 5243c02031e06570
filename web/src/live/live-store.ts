// The newest picture and who wants to hear of the next.

import type { Connected } from './connection.ts'

export function liveStore() {
  let connected: Connected = { picture: null, link: 'connecting', heardAt: null }
  const listeners = new Set<() => void>()
  return {
    get: (): Connected => connected,
    set: (next: Connected): void => {
      connected = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
