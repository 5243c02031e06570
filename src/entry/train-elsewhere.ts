// Training in a process of its own: it may take only so much memory, it can be cancelled at any moment, and whoever trades goes on
// undisturbed (TENSOR-05). The same bytes come of it as here.

import { workProcess } from '../adapters/processes/work-process.ts'
import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import type { Progress, TrainInput, TrainOutcome } from '../training/run.ts'
import {
  type ChampionQuestion,
  compactTable,
  type OracleQuestion,
  outcomeOf,
  sessionsOf,
  type TrainedReply,
  type TrainingTask,
} from './training-message.ts'

export type TrainElsewhereOptions = {
  /** That a fit may use. */
  readonly threads: number
  /** `training.budget.memoryMb`. */
  readonly memoryMb: number
  /** Of the machine: a training on any other clock stands at the instant it begins at. */
  readonly clock: Clock
}

export interface TrainElsewhere {
  /** As `train`, and `TRAIN_MEMORY` and `TRAIN_PROCESS` where the process did not live to tell. */
  train(input: TrainInput): Promise<TrainOutcome>
  /** Processor time that trainings have taken so far. */
  cpuMs(): number
  close(): Promise<void>
}

function taskOf(input: TrainInput, { threads, clock }: TrainElsewhereOptions): TrainingTask {
  const { table, series, clock: own, oracle, champion, crew: _, onProgress, signal: __, ...rest } = input
  const { sessionOf, ...facts } = series
  return {
    ...rest,
    table: compactTable(table),
    series: facts,
    sessions: sessionsOf(table, sessionOf),
    standsAt: own === clock ? undefined : own.now(),
    oracle: { name: oracle.name, cpu: oracle.cpu },
    champion: champion && { releaseId: champion.releaseId, classes: champion.classes },
    watched: onProgress !== undefined,
    threads,
  }
}

/** What a process that ended means for the training that it was at. */
function faultOf(cause: Fault, { memoryMb }: TrainElsewhereOptions): Fault {
  if (cause.code === 'PROCESS_STOPPED') return new Fault('TRAIN_CANCELLED', 'training was cancelled', { cause })
  if (cause.code === 'PROCESS_MEMORY') {
    return new Fault('TRAIN_MEMORY', `training took more than ${memoryMb} MiB of memory`, {
      place: 'training.budget.memoryMb',
      fix: 'train on fewer bars, with fewer training.threads, or raise the limit',
      cause,
    })
  }
  return new Fault('TRAIN_PROCESS', `the training process did not live to the end: ${cause.message}`, {
    fix: 'train again; see that the machine has memory and processes left',
    cause,
  })
}

/** The process starts with the first training and is kept for the next. */
export function trainElsewhere(options: TrainElsewhereOptions): TrainElsewhere {
  const file = new URL('training-process.ts', import.meta.url)
  const process = workProcess({ file, memoryMb: options.memoryMb })
  let last: Promise<unknown> = Promise.resolve()

  const trained = async (input: TrainInput): Promise<TrainOutcome> => {
    const { series, asOf, seed, oracle, champion, onProgress, signal } = input
    let phase: Progress['phase'] = 'dataset'
    const answers: Record<string, (value: never) => unknown> = {
      progress(progress: Progress) {
        phase = progress.phase
        onProgress?.(progress)
      },
      oracle: ({ model, rows, count }: OracleQuestion) => oracle.run(model, rows, count),
      champion: ({ role, rows, count }: ChampionQuestion) => champion?.answer(role, rows, count),
    }
    try {
      const task = taskOf(input, options)
      return outcomeOf((await process.run(task, (name, value) => answers[name]!(value), signal)) as TrainedReply)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      const fault = faultOf(cause, options)
      const { symbol, snapshotId } = series
      const report = { phase, code: fault.code, sentence: fault.message, symbol, snapshotId, asOf, seed }
      return { ok: false, fault, report }
    }
  }
  return {
    train(input) {
      const outcome = last.then(() => trained(input))
      last = outcome.catch(() => undefined)
      return outcome
    },
    cpuMs: () => process.cpuMs(),
    close: () => process.close(),
  }
}
