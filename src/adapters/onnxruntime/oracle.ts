// ONNX Runtime as our RuntimeOracle, kept in a child process: a crash, a hang or a leak of native code costs one child.

import { Fault } from '../../base/fault.ts'
import type { RuntimeOracle } from '../../onnx/oracle.ts'
import { type RuntimeProcess, runtimeProcess } from './runtime-process.ts'
import { runtimeVersion } from './version.ts'

export type OnnxRuntimeOracleOptions = {
  /** For one run, loading included. */
  readonly timeoutMs?: number
}

/** The one model of an oracle's process. */
const ID = 1

/**
 * Runs are answered one after the other. The child starts with the first run, again after it died, and does not keep the parent alive
 * between runs.
 *
 * @example
 * const oracle = onnxRuntimeOracle()
 * const values = await oracle.run(bytes, Float32Array.of(1, 2), 1)
 * await oracle.close()
 */
export function onnxRuntimeOracle({ timeoutMs = 60_000 }: OnnxRuntimeOracleOptions = {}): RuntimeOracle {
  let child: RuntimeProcess | undefined
  /** The last model stays loaded: parity checks run one model many times. */
  let loaded: Uint8Array | undefined
  let last: Promise<unknown> = Promise.resolve()

  const started = async (): Promise<RuntimeProcess> => {
    if (child !== undefined) return child
    const made = await runtimeProcess()
    loaded = undefined
    child = made
    void forgotten(made)
    return made
  }
  const forgotten = async (made: RuntimeProcess): Promise<void> => {
    await made.ended
    if (child === made) child = undefined
  }

  const ask = async (model: Uint8Array, rows: Float32Array, count: number): Promise<Float32Array> => {
    try {
      const asked = await started()
      if (loaded === undefined || Buffer.compare(loaded, model) !== 0) {
        loaded = undefined
        await asked.ask({ kind: 'load', id: ID }, model, timeoutMs)
        loaded = model.slice()
      }
      return (await asked.ask({ kind: 'run', id: ID, count }, rows, timeoutMs)).values
    } catch (cause) {
      throw cause instanceof Fault ? spoken(cause) : cause
    }
  }

  return {
    name: `onnxruntime ${runtimeVersion()}`,
    cpu: process.arch,
    run(model, rows, count) {
      const answer = last.then(() => ask(model, rows, count))
      last = answer.catch(() => undefined)
      return answer
    },
    async close() {
      await last
      await child?.close()
    },
  }
}

function spoken(cause: Fault): Fault {
  if (cause.code === 'RUNTIME_TIMEOUT') return new Fault('ORACLE_TIMEOUT', cause.message, { cause })
  const refused = cause.code === 'RUNTIME_REFUSED'
  const sentence = refused ? `onnxruntime refused the model or the rows: ${cause.message}` : cause.message
  return new Fault('ORACLE_FAILED', sentence, { cause })
}
