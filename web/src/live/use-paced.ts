// A view of the picture at a pace that is enough for charts: a flood of bars redraws a few times a second, not at every frame.

import { useEffect, useEffectEvent, useState } from 'react'
import { after } from '../browser/clock.ts'
import { useLiveStore } from './live-provider.tsx'
import type { Picture } from './picture.ts'

const PACE_MS = 200

type View<T> = (picture: Picture | null) => T

/**
 * At most every 200 ms; the first and the last change are always shown.
 *
 * @param view a function of the module: it is not watched for changes
 * @param watch what has to change before `view` is worth asking again; a function of the module too
 */
export function usePaced<T>(view: View<T>, watch: View<unknown> = picture => picture): T {
  const store = useLiveStore()
  const [seen, set] = useState(() => view(store.get().picture))
  const changed = useEffectEvent(watch)
  useEffect(() => {
    let stop: (() => void) | undefined
    let last = changed(store.get().picture)
    const show = (): void => {
      stop = undefined
      const { picture } = store.get()
      const next = changed(picture)
      if (Object.is(next, last)) return
      last = next
      set(view(picture))
    }
    const unsubscribe = store.subscribe(() => {
      stop ??= after(PACE_MS, show)
    })
    return () => {
      stop?.()
      unsubscribe()
    }
  }, [store, view])
  return seen
}
