// What the reader chose, kept in this browser. A browser that refuses to keep anything is no error: choices then last as long as the page.

import { useState } from 'react'

const PREFIX = 'ratchet.'

export function readSaved(key: string): string | undefined {
  try {
    return window.localStorage.getItem(PREFIX + key) ?? undefined
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

export function writeSaved(key: string, value: string): void {
  try {
    window.localStorage.setItem(PREFIX + key, value)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

/** A choice among names; anything else that was saved is the first of them. */
export function useSaved<T extends string>(key: string, choices: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [value, set] = useState<T>(() => choices.find(choice => choice === readSaved(key)) ?? choices[0])
  return [
    value,
    next => {
      writeSaved(key, next)
      set(next)
    },
  ]
}
