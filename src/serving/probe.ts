// The port to a process under limits in which the reference runtime tries a candidate before it may decide anything (SRV-12).

import type { Outcome } from '../base/fault.ts'

export type ProbedModel = {
  /** Exactly the bytes that would be loaded. */
  readonly bytes: Uint8Array
  /** Row-major: what is asked for its answers. */
  readonly asked: Float32Array
  readonly width: number
}

export type ProbeReport = {
  /** Name and version, e.g. `onnxruntime 1.30.0`. */
  readonly runtime: string
  /** Making the sessions of all roles. */
  readonly createMs: number
  /** One row through every role, as a decision asks. */
  readonly latency: LatencyFigures
  /** Resident memory of the whole process at its highest. */
  readonly peakMb: number
  /** Role -> its answers to `asked`, row-major. */
  readonly answers: ReadonlyMap<string, Float32Array>
  /** Of all answers, in the order of the roles' names. */
  readonly outputSha256: string
  /** What held the process: `address space`, `cpu`, `descriptors`, `no network`, `permissions`, or `watched memory` in place of the first. */
  readonly heldBy: readonly string[]
}

/** What was measured of a candidate, and of the set in charge in the same pass where there is one that can be asked. */
export type Measurement = { readonly report: ProbeReport; readonly champion: LatencyFigures | undefined }

/** Milliseconds that half, 95 % and 99 % of the rows do not exceed. */
export type LatencyFigures = {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly rows: number
}

export interface ModelProbe {
  /**
   * Refusals: `MODEL_PROBE_FAILED` where the models crash the runtime, are refused by it, or take too much time or memory;
   * `PROBE_UNAVAILABLE` where no such process can be had, for which no model is to blame.
   *
   * @param models role -> model, asked in the order of the map
   */
  run(models: ReadonlyMap<string, ProbedModel>, signal?: AbortSignal): Promise<Outcome<ProbeReport>>
}
