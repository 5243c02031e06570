// What a person may ask of a running loop, and what is true of it right now but not worth keeping.

import type { Outcome } from '../base/fault.ts'

export type RunCommand =
  | { readonly type: 'pause' }
  | { readonly type: 'continue' }
  /** Bars per second; null is as fast as it goes. */
  | { readonly type: 'speed'; readonly barsPerSecond: number | null }
  /** At full speed to the first bar known at or after this time, then on at the speed of before. */
  | { readonly type: 'jump'; readonly to: number }
  /** Ends the run and begins a new one on the same bars. */
  | { readonly type: 'restart'; readonly seed: number }
  /** Rehearses a forged release against the real door. */
  | { readonly type: 'drill'; readonly name: 'forged-release' }
  /** A cycle of training though none is due, as soon as there is something new to learn from. */
  | { readonly type: 'train'; readonly reason: string }
  /** Ends the training that runs; nothing comes of it. */
  | { readonly type: 'stopTraining'; readonly reason: string }
  /** Takes the set in charge back. `to`: label, version, id or beginning of a digest; the one before where absent. */
  | { readonly type: 'rollback'; readonly to?: string | undefined; readonly reason: string }
  /** No new entries; what is open is managed and leaves as planned. */
  | { readonly type: 'pauseEntries'; readonly reason: string }
  /** Closes what is open and cancels what would enter; trading goes on. Refusal: `FLAT` where nothing is. */
  | { readonly type: 'flatten'; readonly reason: string }
  /** Ends a halt and a pause; the kill file must be gone. */
  | { readonly type: 'resumeTrading'; readonly reason: string }
  /** Asks each source of releases whether it answers; nothing is fetched. Refusal: `NO_SOURCES` of a replay. */
  | { readonly type: 'askSources' }
  /** Reads the configuration again; `check` changes nothing (CFG-08). */
  | { readonly type: 'configuration'; readonly act: 'check' | 'reload' }
  | ReleaseCommand

/** A person's word on one release, named by label, version, id or the beginning of its digest (SRV-72). */
export type ReleaseCommand = ReleaseAct & { readonly release: string; readonly reason: string }

export type ReleaseAct =
  /** `override`: gates whose no is set aside. */
  | { readonly type: 'promote'; readonly override?: readonly string[] | undefined }
  | { readonly type: 'pin' | 'unpin' | 'block' | 'unblock' }
  /** Ends the rest of automatic promotion after rollbacks (SRV-61). */
  | { readonly type: 'resumePromotion' }

/** A point of a learning curve of the training that runs. */
export type CurvePoint = {
  readonly role: string
  readonly curve: 'train' | 'validation' | 'rate'
  readonly x: number
  readonly y: number
  readonly unit: string
}

export type TrainingNow = {
  readonly trainingId: string
  readonly number: number
  readonly phase: string
  /** 0 to 1. */
  readonly fraction: number
  readonly text: string
  /** All points so far, in order of arrival. */
  readonly points: readonly CurvePoint[]
}

/** A source of releases whose passes fail; the model in charge keeps deciding. */
export type SourceTrouble = {
  readonly source: string
  /** Failed passes in a row. */
  readonly failures: number
  readonly code: string
  readonly detail: string
}

/** True now, gone with the process. */
export type LiveState = {
  readonly runId: string
  readonly state: 'running' | 'paused' | 'draining' | 'ended'
  readonly barsPerSecond: number | null
  readonly jumpingTo: number | null
  /** Why nothing is entered, where a person paused it. */
  readonly entriesPaused?: string | undefined
  /** Why a person has asked for a training, until it begins. */
  readonly trainingAsked?: string | undefined
  readonly training: TrainingNow | null
  readonly phase: 'data' | 'training' | 'publishing' | 'holding' | 'syncing' | 'waiting'
  /** Bar at which the next training is due. */
  readonly nextTrainingBar: number
  /** Of a loop by the clock, which no replay control turns: when the next slot of training begins, ms UTC. */
  readonly nextTrainingAt?: number | undefined
  /** Of a loop by the clock: sources whose last pass failed; absent where none did. */
  readonly troubled?: readonly SourceTrouble[] | undefined
  /** Of a loop by the clock: when the newest word of the channel was signed; absent before the first. */
  readonly signedAt?: number | undefined
}

export interface RunControl {
  /** Refusals: `NOT_RUNNING`, `RUN_ENDED`, those of the command. The value is one sentence of what was done. */
  send(command: RunCommand): Promise<Outcome<string>>
  /** Undefined before the first run and where no loop runs in this process. */
  live(): LiveState | undefined
  /** Called with each change of `live`; gives the way to stop. */
  onLive(listener: (state: LiveState) => void): () => void
  /** Called when events up to this seq are durable and may be read; gives the way to stop. */
  onCommitted(listener: (seq: number) => void): () => void
}
