// A training program held by ONNX Runtime in this process: each call is one native run, and blocks until it is done.

import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Fault } from '../../base/fault.ts'
import type { Device, Part, Trainer, TrainerCall, TrainerProgram } from './trainer-message.ts'

/** One order of execution and of sums, so that equal calls on a CPU give equal bits. */
const optionsFor = (threads: number, device: Device): InferenceSession.SessionOptions => ({
  executionProviders: device === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 4,
})

/** The runtime's own loader prints to stderr what it does not find: it is not asked to look in vain. */
const cudaIsInstalled =
  globSync(`bin/napi-v*/${process.platform}/${process.arch}/*providers_cuda*`, {
    cwd: dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
  }).length > 0

/** On the graphics processor where its provider loads, else on the CPU: which one is told, and no run fails for it. */
async function opened({ epoch, threads, cuda }: TrainerProgram): Promise<readonly [InferenceSession, Device]> {
  if (cuda && cudaIsInstalled) {
    try {
      return [await InferenceSession.create(epoch, optionsFor(threads, 'cuda')), 'cuda']
    } catch {
      // Whatever kept CUDA from loading is told by the device that is used instead.
    }
  }
  return [await InferenceSession.create(epoch, optionsFor(threads, 'cpu')), 'cpu']
}

const float = (data: Float32Array, ...dims: readonly number[]): Tensor => new Tensor('float32', data, dims)

/** @param initial the state's rows, parameters first */
export async function trainer(program: TrainerProgram, initial: readonly Float32Array[]): Promise<Trainer> {
  const { batch, size, told } = program
  const [learning, device] = await opened(program)
  let looking: InferenceSession | undefined
  const stateOf = (rows: readonly Float32Array[]): Record<string, Tensor> =>
    Object.fromEntries(program.states.map((name, place) => [name, float(rows[place]!, size)]))
  let state = stateOf(initial)
  let rows: Record<string, Tensor> = {}

  const parts = (kind: string, names: readonly Part[], given: TrainerCall['fixed'], ...first: readonly number[]) =>
    names.map(({ name, shape }) => [`${kind}.${name}`, float(given[name]!, ...first, ...shape)] as const)
  const feedsOf = ({ steps, order, perStep, fixed }: TrainerCall): Record<string, Tensor> => ({
    steps: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []),
    order: new Tensor('int32', order, [steps, batch]),
    ...rows,
    ...Object.fromEntries([...parts('step', program.perStep, perStep, steps), ...parts('fixed', program.fixed, fixed)]),
  })
  const toldOf = (results: InferenceSession.OnnxValueMapType) =>
    Object.fromEntries(told.map(name => [name, floatsOf(results[`told.${name}`])]))

  return {
    device,
    async load(given, count) {
      rows = Object.fromEntries(
        program.rows.map(({ name, shape }) => [`rows.${name}`, float(given[name]!, count, ...shape.slice(1))]),
      )
    },
    async call(call) {
      const feeds = feedsOf(call)
      if (call.scalars === undefined) {
        looking ??= await InferenceSession.create(program.measure, optionsFor(program.threads, device))
        return toldOf(await ran(looking, { ...feeds, parameters: state.parameters! }))
      }
      const results = await ran(learning, {
        ...feeds,
        ...state,
        scalars: float(call.scalars, call.steps, program.scalars),
      })
      state = stateOf(program.states.map(name => floatsOf(results[`next.${name}`])))
      return toldOf(results)
    },
    save: async () => program.states.map(name => floatsOf(state[name])),
    async restore(states) {
      state = stateOf(states)
    },
    async close() {
      await learning.release()
      await looking?.release()
    },
  }
}

/** What the runtime says of a run that it refuses, as a fault. */
const ran = (session: InferenceSession, feeds: Record<string, Tensor>): Promise<InferenceSession.OnnxValueMapType> =>
  session.run(feeds).catch((cause: unknown) => {
    throw new Fault('TRAINING_FAILED', `onnxruntime: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  })

function floatsOf(value: InferenceSession.OnnxValueMapType[string] | undefined): Float32Array {
  if (value?.data instanceof Float32Array) return value.data
  throw new TypeError('onnxruntime gave no float32 tensor')
}
