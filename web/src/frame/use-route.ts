// The route in the address of this tab.

import { useSyncExternalStore } from 'react'
import { hrefOf, type PageName, parseRoute, type Route } from '../base/route.ts'

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash)
  return parseRoute(hash)
}

export function go(page: PageName, query: Readonly<Record<string, string>> = {}): void {
  window.location.hash = hrefOf({ page, query })
}

/** Changes what is open on this page; null closes it. No new step in the history: Back leaves the page. */
export function setQuery(change: Readonly<Record<string, string | null>>): void {
  const { page, query } = parseRoute(window.location.hash)
  const next = Object.entries({ ...query, ...change }).filter((entry): entry is [string, string] => entry[1] !== null)
  const url = hrefOf({ page, query: Object.fromEntries(next) })
  window.history.replaceState(null, '', url)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}
