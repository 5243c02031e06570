// ONNX Runtime as our RuntimeOracle, kept in a child process: a crash, a hang or a leak of native code costs one child.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import type { RuntimeOracle } from '../../onnx/oracle.ts'
import type { OracleReply, OracleRequest } from './message.ts'
import { RUNTIME } from './version.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))

export type OnnxRuntimeOracleOptions = {
  /** For one run, loading included. */
  readonly timeoutMs?: number
}

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
  let child: ChildProcess | undefined
  let last: Promise<unknown> = Promise.resolve()

  const started = (): ChildProcess => {
    if (child !== undefined) return child
    const made = fork(CHILD, [], {
      serialization: 'advanced',
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // An error without a listener would end this process; whoever waits on the child hears of its exit.
    made.on('error', () => made.kill('SIGKILL'))
    made.once('exit', () => {
      if (child === made) child = undefined
    })
    child = made
    return made
  }

  const ask = async (request: OracleRequest): Promise<Float32Array> => {
    const asked = started()
    asked.ref()
    asked.channel?.ref()
    try {
      const reply = await replyOf(asked, request, timeoutMs)
      if (reply.ok) return reply.values
      throw new Fault('ORACLE_FAILED', `onnxruntime refused the model or the rows: ${reply.reason}`)
    } finally {
      asked.unref()
      asked.channel?.unref()
    }
  }

  return {
    name: `onnxruntime ${RUNTIME.version}`,
    run(model, rows, count) {
      const answer = last.then(() => ask({ model, rows, count }))
      last = answer.catch(() => undefined)
      return answer
    },
    async close() {
      await last
      if (child === undefined) return
      const gone = once(child, 'exit')
      child.ref()
      child.kill('SIGKILL')
      await gone
    },
  }
}

function replyOf(child: ChildProcess, request: OracleRequest, timeoutMs: number): Promise<OracleReply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      child.off('message', answered)
      child.off('exit', died)
      act()
    }
    const answered = (reply: unknown) => settle(() => resolve(reply as OracleReply))
    const died = (status: number | null, signal: string | null) =>
      settle(() => reject(new Fault('ORACLE_FAILED', `onnxruntime ended with ${signal ?? `status ${status}`}`)))
    const timer = setTimeout(() => {
      child.off('exit', died)
      child.once('exit', () =>
        settle(() => reject(new Fault('ORACLE_TIMEOUT', `onnxruntime gave no answer within ${timeoutMs} ms`))),
      )
      child.kill('SIGKILL')
    }, timeoutMs)
    child.on('message', answered)
    child.on('exit', died)
    child.send(request)
  })
}
