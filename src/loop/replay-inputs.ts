// What comes into a run from outside while it goes: the kill switch and what people ask for. Kept with its bar, so that a run that
// goes on where it stopped meets the same things at the same bars.

import type { JournalInput } from '../trading/journal.ts'
import type { CycleRelease } from './cycle-record.ts'

export type RunInput =
  /** Null: the kill file is gone. */
  | { readonly kind: 'killed'; readonly reason: string | null }
  /** Null: back to the rule-based baseline. */
  | { readonly kind: 'rollback'; readonly to: Pick<CycleRelease, 'label' | 'manifestSha256'> | null }
  | { readonly kind: 'promote'; readonly to: Pick<CycleRelease, 'label' | 'manifestSha256'> }
  /** The way back may have been what was blocked. */
  | { readonly kind: 'block'; readonly manifestSha256: string }
  | { readonly kind: 'pauseEntries'; readonly reason: string }
  | { readonly kind: 'resumeTrading' }
  /** A training that a person asked for. */
  | { readonly kind: 'train'; readonly reason: string }

export type InputsOptions = {
  readonly past: readonly JournalInput[]
  /** Bars that are made again: their inputs come from the past, not from the world. */
  readonly durableBars: number
  /** What pulled the kill switch, asked now. */
  readonly killed: () => string | undefined
  readonly record: (bar: number, input: RunInput) => void
}

export interface ReplayInputs {
  /** What people asked for before this bar, an earlier time. */
  before(bar: number): readonly RunInput[]
  /** What has pulled the kill switch as the bar is processed. */
  killedAt(bar: number): string | undefined
}

/**
 * @example
 * const inputs = replayInputs({ past: [], durableBars: 0, killed: () => undefined, record: () => {} })
 * inputs.killedAt(0) // undefined
 */
export function replayInputs({ past, durableBars, killed, record }: InputsOptions): ReplayInputs {
  const known = past.map(({ bar, body }) => ({ bar, input: JSON.parse(body) as RunInput }))
  let current: string | undefined
  let asked = -1
  return {
    before: bar => known.flatMap(entry => (entry.bar === bar && entry.input.kind !== 'killed' ? [entry.input] : [])),
    killedAt(bar) {
      if (bar < durableBars) {
        for (const { bar: at, input } of known) {
          if (at === bar && input.kind === 'killed') current = input.reason ?? undefined
        }
        return current
      }
      // One answer for a bar, however often it is asked: a run that goes on can ask only once.
      if (bar === asked) return current
      asked = bar
      const now = killed()
      if (now !== current) record(bar, { kind: 'killed', reason: now ?? null })
      current = now
      return now
    },
  }
}
