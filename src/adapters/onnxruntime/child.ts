// The process that holds ONNX Runtime: whatever a model does to native code, it does it here.

import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { OracleReply, OracleRequest } from './message.ts'

/** One thread and no parallel branches, so that sums have one order. */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 4,
}

/** The last model stays loaded: parity checks run one model many times. */
let loaded: { readonly model: Uint8Array; readonly session: InferenceSession } | undefined

async function sessionOf(model: Uint8Array): Promise<InferenceSession> {
  if (loaded !== undefined && Buffer.compare(loaded.model, model) === 0) return loaded.session
  await loaded?.session.release()
  loaded = undefined
  loaded = { model, session: await InferenceSession.create(model, OPTIONS) }
  return loaded.session
}

async function answer({ model, rows, count }: OracleRequest): Promise<OracleReply> {
  const session = await sessionOf(model)
  const [input] = session.inputNames
  const [output] = session.outputNames
  if (input === undefined || output === undefined) return { ok: false, reason: 'the graph has no input or no output' }
  const width = rows.length / count
  const results = await session.run({ [input]: new Tensor('float32', rows, [count, width]) }, [output])
  const values = results[output]?.data
  if (!(values instanceof Float32Array)) return { ok: false, reason: `output ${output} is not float32` }
  return { ok: true, values }
}

process.on('message', (request: OracleRequest) => {
  answer(request).then(
    reply => process.send?.(reply),
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      process.send?.({ ok: false, reason } satisfies OracleReply)
    },
  )
})
