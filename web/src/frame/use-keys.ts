// The keyboard of the frame: g and a letter go to a page, / to the filter, ? opens the help, Shift+K the kill switch.

import { useEffect, useEffectEvent } from 'react'
import type { PageName } from '../base/route.ts'
import { now } from '../browser/clock.ts'
import { go } from './use-route.ts'

const PAGE_KEYS: Readonly<Record<string, PageName>> = { o: 'overview', m: 'market', r: 'models', t: 'training' }
const SEQUENCE_MS = 1200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null

export type KeyActions = { readonly help: () => void; readonly kill: () => void }

export function useKeys(actions: KeyActions): void {
  const help = useEffectEvent(actions.help)
  const kill = useEffectEvent(actions.kill)
  useEffect(() => {
    let wentAt = Number.NEGATIVE_INFINITY
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const inDialog = document.querySelector('dialog[open]') !== null
      if (event.key === 'K' && event.shiftKey) {
        event.preventDefault()
        kill()
      } else if (inDialog) {
        return
      } else if (now() - wentAt < SEQUENCE_MS && PAGE_KEYS[event.key] !== undefined) {
        wentAt = Number.NEGATIVE_INFINITY
        go(PAGE_KEYS[event.key]!)
      } else if (event.key === 'g') wentAt = now()
      else if (event.key === '?') help()
      else if (event.key === '/') {
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-filter]')?.focus()
      }
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
