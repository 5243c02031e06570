// What a pipeline's trainings came to and cost, kept beside the state: drift that was asked for, retrainings that helped, CPU time by day.

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import type { Retraining } from '../feedback/worth.ts'
import { type BudgetDay, budgetStart } from '../training/budget-day.ts'

const FILE_CAP = 4 * 1024 * 1024
/** Retrainings that a share is made of. */
const KEPT = 500

const cause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('schedule') }),
  z.strictObject({ kind: z.literal('asked'), reason: z.string() }),
  z.strictObject({
    kind: z.literal('drift'),
    model: z.string(),
    detector: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    sentence: z.string(),
  }),
])
const worth = z.strictObject({ n: z.number(), lossGain: z.number(), rGain: z.number(), helped: z.boolean() })
const pipelineSchema = z.strictObject({
  /** Role -> when it was asked for last, ms UTC. */
  asked: z.record(z.string(), z.number()),
  retrainings: z.array(z.strictObject({ cause, worth: worth.nullable() })),
  /** When the newest release was made; null before the first. */
  releasedAt: z.number().nullable(),
  /** That it is too old was told. */
  aged: z.boolean(),
})
const budgetSchema = z.strictObject({ day: z.int(), spentMs: z.number(), last: z.record(z.string(), z.number()) })
const fileSchema = z.strictObject({ budget: budgetSchema, pipelines: z.record(z.string(), pipelineSchema) })

export type PipelineBook = {
  readonly asked: Readonly<Record<string, number>>
  readonly retrainings: readonly Retraining[]
  readonly releasedAt: number | null
  readonly aged: boolean
}

type Book = { readonly budget: BudgetDay; readonly pipelines: Readonly<Record<string, PipelineBook>> }

const EMPTY: PipelineBook = { asked: {}, retrainings: [], releasedAt: null, aged: false }

export interface RetrainingBook {
  of(pipeline: string): Promise<PipelineBook>
  /** By pipeline. */
  all(): Promise<Readonly<Record<string, PipelineBook>>>
  budget(): Promise<BudgetDay>
  /** The next state of both, written at once. */
  write(pipeline: string, change: (own: PipelineBook, budget: BudgetDay) => [PipelineBook, BudgetDay]): Promise<void>
}

/** A file that is lost or damaged costs a day's count, some shares, and one retraining too many. */
export function retrainingBook(disk: Disk, directory: string): RetrainingBook {
  const path = `${directory}/state/retraining.json`
  const read = async (): Promise<Book> => {
    try {
      return fileSchema.parse(JSON.parse(new TextDecoder().decode(await disk.read(path, FILE_CAP))))
    } catch (error) {
      const damaged = error instanceof Fault || error instanceof SyntaxError || error instanceof z.ZodError
      if (damaged) return { budget: budgetStart, pipelines: {} }
      throw error
    }
  }
  return {
    of: async pipeline => (await read()).pipelines[pipeline] ?? EMPTY,
    all: async () => (await read()).pipelines,
    budget: async () => (await read()).budget,
    async write(pipeline, change) {
      const book = await read()
      const [own, budget] = change(book.pipelines[pipeline] ?? EMPTY, book.budget)
      const kept = { ...own, retrainings: own.retrainings.slice(-KEPT) }
      const text = canonicalJson({ budget, pipelines: { ...book.pipelines, [pipeline]: kept } })
      await replaceFile(disk, path, new TextEncoder().encode(text))
    },
  }
}
