// Whether the window is of a kind, and word when that changes.

import { useSyncExternalStore } from 'react'

/** @example useMedia('(min-width: 80rem)') */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    listener => {
      const media = window.matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => window.matchMedia(query).matches,
  )
}
