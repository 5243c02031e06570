// Trainings as runs of an MLflow tracking server, by its REST interface 2.0 (mlflow.org/docs/latest/rest-api.html).

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { TrainingMirror } from '../../trading/training-mirror.ts'

export type MlflowOptions = {
  /** Of the tracking server: `http://127.0.0.1:5000`. */
  readonly url: string
  /** Name of the experiment; made where it is not there. */
  readonly experiment: string
  /** For one training, all its questions together. */
  readonly timeoutMs?: number
}

const MOST_BYTES = 1024 * 1024
/** Most that one question may carry: runs/log-batch. */
const BATCH = { params: 100, metrics: 1000, valueLength: 500, tagLength: 5000 }

const experiment = z.object({ experiment: z.object({ experiment_id: z.string() }) })
const created = z.object({ experiment_id: z.string() })
const run = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) })
const refusal = z.object({ error_code: z.string(), message: z.string().default('') })
const anything = z.unknown()

const failed = (sentence: string, place: string, cause?: unknown): Fault =>
  new Fault('MIRROR_FAILED', sentence, { place, fix: 'check integrations.mlflow.url and that the server runs', cause })

async function textOf(response: Response, place: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MOST_BYTES) throw failed(`the answer is larger than ${MOST_BYTES} bytes`, place)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw failed('the answer is not JSON', place, cause)
  }
}

/** Keys as MLflow takes them: letters, digits, `_ - . / ` and blanks. */
const keyOf = (name: string): string => name.replace(/[^\w\-./ ]/g, '_').slice(0, 250)
const pairs = (values: Readonly<Record<string, string>>, length: number) =>
  Object.entries(values).map(([name, value]) => ({ key: keyOf(name), value: value.slice(0, length) }))

/** @example await mlflowRuns({ url: 'http://127.0.0.1:5000', experiment: 'ratchet' }).record(training, signal) */
export function mlflowRuns({ url, experiment: name, timeoutMs = 10_000 }: MlflowOptions): TrainingMirror {
  let id: string | undefined

  /** Undefined: it answered that there is no such thing. */
  async function ask<T>(
    path: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<T | undefined> {
    const place = `${url.replace(/\/$/, '')}/api/2.0/mlflow/${path}`
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    let response: Response
    let text: string
    try {
      const headers = { 'content-type': 'application/json' }
      response = await fetch(place, { ...init, headers, redirect: 'error', signal })
      text = await textOf(response, place)
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      throw failed('the MLflow server does not answer', place, cause)
    }
    const answer = jsonOf(text, place)
    if (!response.ok) {
      const told = refusal.safeParse(answer)
      const code = told.success ? told.data.error_code : `status ${response.status}`
      if (code === 'RESOURCE_DOES_NOT_EXIST') return undefined
      throw failed(`the MLflow server refused: ${code}`.replace(/\p{Cc}+/gu, ' ').slice(0, 300), place)
    }
    const parsed = schema.safeParse(answer)
    if (!parsed.success) throw failed('the answer is not one of MLflow', place, parsed.error)
    return parsed.data
  }

  async function experimentId(signal: AbortSignal): Promise<string> {
    const known = await ask(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`, experiment, signal)
    if (known !== undefined) return known.experiment.experiment_id
    const made = await ask('experiments/create', created, signal, { name })
    if (made === undefined) throw failed('the experiment can neither be found nor made', url)
    return made.experiment_id
  }

  return {
    async record({ trainingId, startedAt, endedAt, status, params, metrics, tags }) {
      const signal = AbortSignal.timeout(timeoutMs)
      id ??= await experimentId(signal)
      const shared = { run_name: trainingId, start_time: startedAt }
      const made = await ask('runs/create', run, signal, { experiment_id: id, ...shared, tags: [] })
      if (made === undefined) {
        // Somebody removed the experiment; the next training makes it again.
        id = undefined
        throw failed('the experiment is gone', url)
      }
      const { run_id } = made.run.info
      await ask('runs/log-batch', anything, signal, {
        run_id,
        params: pairs(params, BATCH.valueLength).slice(0, BATCH.params),
        tags: pairs(tags, BATCH.tagLength).slice(0, BATCH.params),
        metrics: Object.entries(metrics)
          .filter(([, value]) => Number.isFinite(value))
          .slice(0, BATCH.metrics - 2 * BATCH.params)
          .map(([key, value]) => ({ key: keyOf(key), value, timestamp: endedAt, step: 0 })),
      })
      const ended = status === 'failed' ? 'FAILED' : 'FINISHED'
      await ask('runs/update', anything, signal, { run_id, status: ended, end_time: endedAt })
    },
  }
}
