// What the report of a training comes to in a list, read once: reports are long, lists have hundreds of them.

import { z } from 'zod'
import { recent } from '../../base/recent.ts'
import type { Evaluation } from '../../release/evaluation.ts'
import type { StoredTraining, TrainingInFull, TrainingReader } from '../../trading/read-model.ts'
import { type MetricView, metricView } from './role-view.ts'

export type TrainingTold = {
  /** Why no release came of it. */
  reason: string | null
  headline: { name: string; model: MetricView; baseline: MetricView | null; baselineName: string | null }[]
}

export interface TrainingShelf {
  toldOf(training: StoredTraining): Promise<TrainingTold>
}

/** Metric of the meta role and the baseline it is held against. */
const HEADLINE: readonly (readonly [metric: string, baseline: string])[] = [
  ['logLoss', 'majority'],
  ['auc', 'majority'],
  ['ece', 'majority'],
  ['firedMeanR', 'bestStrategy'],
]

const schema = z.object({ schema: z.literal('ratchet.evaluation/1') })
const told = z.object({ sentence: z.string().optional(), reason: z.string().optional() })

/** Undefined where the training came to none. */
export function evaluationOf({ report }: Pick<TrainingInFull, 'report'>): Evaluation | undefined {
  const parsed: unknown = JSON.parse(report)
  return schema.safeParse(parsed).success ? (parsed as Evaluation) : undefined
}

function reasonOf({ status, fault, report }: TrainingInFull): string | null {
  if (status === 'released') return null
  const { sentence, reason } = told.catch({}).parse(JSON.parse(report))
  const text = sentence ?? reason ?? null
  return fault === null ? text : text === null ? fault : `${fault}: ${text}`
}

/** The figures that people compare. */
export function headlineOf({ roles }: Evaluation): TrainingTold['headline'] {
  const meta = roles['meta']
  return HEADLINE.flatMap(([name, baselineName]) => {
    const model = meta?.holdout[name]
    if (model === undefined) return []
    const baseline = meta?.baselines[baselineName]?.[name]
    const held = baseline === undefined ? null : metricView(baseline)
    return [{ name, model: metricView(model), baseline: held, baselineName: held === null ? null : baselineName }]
  })
}

/** @param kept about a kilobyte each */
export function trainingShelf({ training: read }: Pick<TrainingReader, 'training'>, kept = 5000): TrainingShelf {
  const shelf = recent<TrainingTold>(kept)
  return {
    async toldOf({ trainingId, status, digest, fault }) {
      // A training that was cut short is made anew under its name, and may end otherwise.
      const name = JSON.stringify([trainingId, status, digest, fault])
      const known = shelf.get(name)
      if (known !== undefined) return known
      const full = await read(trainingId)
      if (full === undefined) return { reason: null, headline: [] }
      const evaluation = evaluationOf(full)
      const made = { reason: reasonOf(full), headline: evaluation === undefined ? [] : headlineOf(evaluation) }
      shelf.set(name, made)
      return made
    },
  }
}
