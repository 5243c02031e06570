// What comes into a run from outside while it goes: the kill switch and what people ask for. Kept with its bar, so that a run that
// goes on where it stopped meets the same things at the same bars.

import type { JournalInput } from '../trading/journal.ts'
import { type KillScope, type Pulled, TRADING_SCOPES } from '../trading/kill-scopes.ts'
import type { CycleRelease } from './cycle-record.ts'

export type RunInput =
  /** Null: the kill file is gone. Runs of older programs did not say for what it was pulled. */
  | { readonly kind: 'killed'; readonly reason: string | null; readonly scopes?: readonly KillScope[] }
  /** Null: back to the rule-based baseline. */
  | { readonly kind: 'rollback'; readonly to: Pick<CycleRelease, 'label' | 'manifestSha256'> | null }
  | { readonly kind: 'promote'; readonly to: Pick<CycleRelease, 'label' | 'manifestSha256'> }
  /** The way back may have been what was blocked. */
  | { readonly kind: 'block'; readonly manifestSha256: string }
  | { readonly kind: 'pauseEntries'; readonly reason: string }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'resumeTrading' }
  /** A training that a person asked for. */
  | { readonly kind: 'train'; readonly reason: string }

export type InputsOptions = {
  readonly past: readonly JournalInput[]
  /** Bars that are made again: their inputs come from the past, not from the world. */
  readonly durableBars: number
  /** What pulled the kill switch, asked now. */
  readonly killed: () => Promise<Pulled | undefined>
  readonly record: (bar: number, input: RunInput) => void
}

export interface ReplayInputs {
  /** What people asked for before this bar, an earlier time. */
  before(bar: number): readonly RunInput[]
  /** A bar begins: asks for the kill switch. */
  look(bar: number): Promise<void>
  /** What has pulled the kill switch as the bar is processed. */
  killed(): Pulled | undefined
}

/**
 * @example
 * const inputs = replayInputs({ past: [], durableBars: 0, killed: async () => undefined, record: () => {} })
 * await inputs.look(0)
 * inputs.killed() // undefined
 */
export function replayInputs({ past, durableBars, killed, record }: InputsOptions): ReplayInputs {
  const known = past.map(({ bar, body }) => ({ bar, input: JSON.parse(body) as RunInput }))
  let current: Pulled | undefined
  return {
    before: bar => known.flatMap(entry => (entry.bar === bar && entry.input.kind !== 'killed' ? [entry.input] : [])),
    killed: () => current,
    async look(bar) {
      if (bar < durableBars) {
        for (const { bar: at, input } of known) {
          if (at !== bar || input.kind !== 'killed') continue
          const { reason, scopes = TRADING_SCOPES } = input
          current = reason === null ? undefined : { reason, scopes }
        }
        return
      }
      const now = await killed()
      if (JSON.stringify(now) !== JSON.stringify(current)) {
        record(bar, now === undefined ? { kind: 'killed', reason: null } : { kind: 'killed', ...now })
      }
      current = now
    },
  }
}
