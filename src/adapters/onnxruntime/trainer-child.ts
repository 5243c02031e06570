// The process of one training run: it may be killed at any time, gives way to whoever trades, and may grow only so far.

import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { trainer } from './trainer.ts'
import {
  OVERGROWN,
  type Trainer,
  type TrainerAnswer,
  type TrainerRequest,
  type TrainerValue,
} from './trainer-message.ts'

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

let held: Trainer | undefined

async function answer(request: TrainerRequest): Promise<TrainerValue> {
  if (request.kind === 'open') {
    const workerData = { most: request.memoryMb * 2 ** 20, signal: OVERGROWN }
    new Worker(new URL('memory-guard.ts', import.meta.url), { workerData }).unref()
    held = await trainer(request.program, request.initial)
    return held.device
  }
  if (held === undefined) throw new Error('nothing is open')
  if (request.kind === 'load') return held.load(request.rows, request.count)
  if (request.kind === 'call') return held.call(request.call)
  return request.kind === 'save' ? held.save() : held.restore(request.states)
}

process.on('message', (request: TrainerRequest) => {
  answer(request).then(
    value => process.send?.({ ok: true, value } satisfies TrainerAnswer),
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      process.send?.({ ok: false, reason } satisfies TrainerAnswer)
    },
  )
})
