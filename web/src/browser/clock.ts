// The browser's clock and timers: the one place that reads real time.

import type { ZoneChoice } from '../base/time.ts'

/** ms UTC. */
export const now = (): number => Date.now()

/** Runs once after `ms`; gives the way to stop it. */
export function after(ms: number, work: () => void): () => void {
  const timer = window.setTimeout(work, ms)
  return () => window.clearTimeout(timer)
}

/** Runs every `ms` until stopped; a slow run delays the next instead of piling up. */
export function every(ms: number, work: () => void): () => void {
  let stop = after(ms, tick)
  function tick(): void {
    work()
    stop = after(ms, tick)
  }
  return () => stop()
}

/** The name of a zone for people. */
export const zoneName = (choice: ZoneChoice): string =>
  choice === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : choice
