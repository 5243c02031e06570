// A training as plain data, for a process of its own: what cannot travel is asked for, and sessions are named beforehand.

import type { WireFault } from '../adapters/threads/message.ts'
import { faultOf, wireFault } from '../adapters/threads/wire.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import type { Champion, FailureReport, SeriesFacts, TrainInput, TrainOutcome } from '../training/run.ts'

export type TrainingTask = Omit<
  TrainInput,
  'series' | 'clock' | 'oracle' | 'champion' | 'crew' | 'onProgress' | 'signal'
> & {
  readonly series: Omit<SeriesFacts, 'sessionOf'>
  /** Label of the session of every instant of the table. */
  readonly sessions: ReadonlyMap<number, string>
  /** Undefined: the clock of the machine. */
  readonly standsAt: number | undefined
  readonly oracle: Pick<RuntimeOracle, 'name' | 'cpu'>
  readonly champion: Pick<Champion, 'releaseId' | 'classes'> | undefined
  readonly watched: boolean
  readonly threads: number
}

export type OracleQuestion = { readonly model: Uint8Array; readonly rows: Float32Array; readonly count: number }
export type ChampionQuestion = {
  readonly role: Parameters<Champion['answer']>[0]
  readonly rows: Float32Array
  readonly count: number
}

/** An outcome whose fault can travel. */
export type TrainedReply =
  | Extract<TrainOutcome, { ok: true }>
  | { readonly ok: false; readonly fault: WireFault; readonly report: FailureReport }

export const trainedReply = (outcome: TrainOutcome): TrainedReply =>
  outcome.ok ? outcome : { ...outcome, fault: wireFault(outcome.fault) }

export const outcomeOf = (reply: TrainedReply): TrainOutcome =>
  reply.ok ? reply : { ...reply, fault: faultOf(reply.fault) }

/** Room to grow stays at home. */
export function compactTable(table: CandidateTable): CandidateTable {
  const capacity = table.time.length
  const cut = Object.entries(table).map(([name, column]) => {
    if (!ArrayBuffer.isView(column)) return [name, column]
    const values = column as Float64Array
    return [name, values.slice(0, (values.length / capacity) * table.length)]
  })
  return Object.fromEntries(cut) as CandidateTable
}

export function sessionsOf({ time, labelEnd, length }: CandidateTable, sessionOf: SeriesFacts['sessionOf']) {
  const instants = new Set([...time.subarray(0, length), ...labelEnd.subarray(0, length)].filter(Number.isFinite))
  return new Map(Array.from(instants, instant => [instant, sessionOf(instant)]))
}
