// What a loop by the clock tells whoever watches it.

import type { Fault, Outcome } from '../base/fault.ts'
import type { Detector, Severity } from '../feedback/signal.ts'
import type { SyncResult } from '../serving/updater.ts'
import type { TrainingRow } from '../trading/journal.ts'

/** Times in ms UTC of the loop's clock. */
export type ClockEvent =
  | { readonly type: 'trainingStarted'; readonly slot: string; readonly at: number }
  /** Also for a slot that was skipped; the row is durable. */
  | { readonly type: 'trainingEnded'; readonly slot: string; readonly at: number; readonly row: TrainingRow }
  | {
      readonly type: 'published'
      readonly slot: string
      readonly at: number
      readonly releaseId: string
      readonly label: string
      readonly version: number
      /** Of the manifest. */
      readonly digest: string
      readonly place: string
    }
  /** A fresh pointer to what is current. */
  | { readonly type: 'signedOn'; readonly at: number; readonly releaseId: string; readonly expiresAt: string }
  /** A slot that could not be recorded, or whose pointer could not be signed; the loop goes on. */
  | { readonly type: 'slotFailed'; readonly slot: string; readonly at: number; readonly fault: Fault }
  /** A model in charge has drifted, and a slot of its own begins (SCHED-03). */
  | {
      readonly type: 'driftFound'
      readonly at: number
      readonly model: string
      readonly severity: Severity
      readonly detector: Detector
      readonly sentence: string
    }
  /** The newest release has become older than it may (SCHED-04); told once. */
  | { readonly type: 'modelAged'; readonly at: number; readonly releasedAt: number; readonly maxHours: number }
  | { readonly type: 'synced'; readonly source: string; readonly at: number; readonly pass: SyncPass }
  /** A pass was wanted too early. */
  | { readonly type: 'syncLimited'; readonly source: string; readonly at: number; readonly nextAt: number }

export type SyncPass = {
  readonly outcome: Outcome<SyncResult>
  /** Failed passes in a row, this one included. */
  readonly failures: number
  readonly nextAt: number
}
