// One child process with ONNX Runtime in it, seen from outside: questions go in by a pipe and are answered in order, and whatever ends it
// is a fault of every question that waits.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import { type Confinement, commandLine, confinement, type Limits } from './confine.ts'
import { bytesOf, type Frame, floatsOf, frameOf, frameReader } from './frames.ts'
import { type RuntimeReply, type RuntimeRequest, runtimeReply } from './message.ts'
import { type Resident, residentOf } from './resident.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
/** Loading the runtime's library from a cold disk takes seconds. */
const START_MS = 20_000
const WATCH_MS = 50

export type RuntimeProcessOptions = {
  readonly limits?: Limits
  /** In place of what this system offers. */
  readonly held?: Confinement
}

export const DEFAULT_LIMITS: Limits = Object.freeze({ memoryMb: 8_192, descriptors: 64 })

export type RuntimeAnswer = {
  readonly values: Float32Array
  /** In the process, without the pipe. */
  readonly ms: number
}

export interface RuntimeProcess {
  readonly pid: number
  readonly held: Confinement
  /**
   * Faults: `RUNTIME_REFUSED` with the runtime's words, `RUNTIME_ENDED` naming signal or status, `RUNTIME_MEMORY` where the watch
   * ended it, and `RUNTIME_TIMEOUT`, after which the process is gone.
   *
   * @param withinMs then it is killed; without, it may take for ever
   */
  ask(request: RuntimeRequest, body?: Uint8Array | Float32Array, withinMs?: number): Promise<RuntimeAnswer>
  resident(): Promise<Resident | undefined>
  /** Resolves with how it ended, whenever that is. */
  readonly ended: Promise<Fault>
  /** SIGKILL; resolves when it is gone. */
  close(): Promise<void>
}

type Waiting = { readonly resolve: (answer: RuntimeAnswer) => void; readonly reject: (fault: Fault) => void }

/**
 * Resolves when the runtime is loaded in it. It keeps this process alive only while a question waits.
 *
 * Fault: `RUNTIME_UNAVAILABLE` where no such process can be had; no model is to blame for that.
 */
export async function runtimeProcess({
  limits = DEFAULT_LIMITS,
  held: given,
}: RuntimeProcessOptions = {}): Promise<RuntimeProcess> {
  const held = given ?? (await confinement())
  const child = started(limits, held)
  // With no descriptor left there are no pipes either, whatever the types say.
  if ((child.stdin as unknown) === undefined || child.stdin === null) {
    const [cause] = (await once(child, 'error')) as [Error]
    throw unavailable(cause)
  }
  const waiting: Waiting[] = []
  let over: Fault | undefined

  const ended = new Promise<Fault>(resolve => {
    const end = (fault: Fault): void => {
      over ??= fault
      for (const { reject } of waiting.splice(0)) reject(over)
      resolve(over)
    }
    child.once('error', cause => end(new Fault('RUNTIME_ENDED', `onnxruntime: ${cause.message}`, { cause })))
    child.once('exit', (status, signal) =>
      end(over ?? new Fault('RUNTIME_ENDED', `onnxruntime ended with ${signal ?? `status ${status}`}`)),
    )
  })
  const kill = (fault: Fault): void => {
    over ??= fault
    child.kill('SIGKILL')
  }

  const input: Writable = child.stdin
  // It meets a process that is ending: its exit says why.
  input.on('error', () => undefined)
  const read = frameReader()
  const replies = child.stdio[3] as Readable
  replies.on('error', () => undefined)
  replies.on('data', (chunk: Buffer) => {
    try {
      for (const frame of read(chunk)) answered(waiting, frame)
    } catch (cause) {
      kill(new Fault('RUNTIME_ENDED', 'onnxruntime sent what is no answer', { cause }))
    }
  })

  const awaited = async (withinMs: number | undefined): Promise<RuntimeAnswer> => {
    if (over !== undefined) throw over
    hold(child, true)
    const late = new Fault('RUNTIME_TIMEOUT', `onnxruntime gave no answer within ${withinMs} ms`)
    const timer = withinMs === undefined ? undefined : setTimeout(() => kill(late), withinMs)
    try {
      return await new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    } finally {
      clearTimeout(timer)
      if (waiting.length === 0) hold(child, false)
    }
  }

  const close = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.ref()
    kill(new Fault('RUNTIME_ENDED', 'onnxruntime was closed'))
    await gone
  }

  try {
    await awaited(START_MS)
  } catch (cause) {
    await close()
    throw unavailable(cause)
  }
  const pid = child.pid!
  if (!held.limits) void watched(pid, limits.memoryMb, ended, kill)

  return {
    pid,
    held,
    ended,
    resident: () => residentOf(pid),
    ask(request, body, withinMs) {
      const reply = awaited(withinMs)
      for (const piece of frameOf(request, body instanceof Float32Array ? bytesOf(body) : body)) input.write(piece)
      return reply
    },
    close,
  }
}

function started(limits: Limits, held: Confinement): ChildProcess {
  try {
    const [file, words] = commandLine(CHILD, limits, held)
    return spawn(file, words, { env: {}, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  } catch (cause) {
    throw unavailable(cause)
  }
}

const unavailable = (cause: unknown): Fault =>
  new Fault('RUNTIME_UNAVAILABLE', `no process with onnxruntime can be had here: ${sentenceOf(cause)}`, {
    fix: 'see that onnxruntime-node is installed for this system and that memory and processes are left',
    cause,
  })

const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!

function answered(waiting: Waiting[], { head, body }: Frame): void {
  const reply: RuntimeReply = runtimeReply.parse(head)
  const asked = waiting.shift()
  if (asked === undefined) throw new Fault('RUNTIME_ENDED', 'onnxruntime answered what nobody asked')
  if (reply.ok) asked.resolve({ values: floatsOf(body), ms: reply.ms })
  else asked.reject(new Fault('RUNTIME_REFUSED', reply.reason))
}

/** Whether the child and its pipes keep this process alive. */
function hold(child: ChildProcess, on: boolean): void {
  const pipes = [child.stdin, child.stdio[3]] as unknown as readonly { ref(): void; unref(): void }[]
  for (const each of [child, ...pipes]) {
    if (on) each.ref()
    else each.unref()
  }
}

/** Where the address space cannot be limited, resident memory is looked at. */
async function watched(
  pid: number,
  mostMb: number,
  ended: Promise<Fault>,
  kill: (fault: Fault) => void,
): Promise<void> {
  const over = ended.then(() => true)
  const pause = () => new Promise<boolean>(resolve => setTimeout(() => resolve(false), WATCH_MS).unref())
  while (!(await Promise.race([over, pause()]))) {
    const resident = await residentOf(pid)
    if (resident !== undefined && resident.nowMb > mostMb) {
      kill(new Fault('RUNTIME_MEMORY', `onnxruntime took more than ${mostMb} MiB`))
    }
  }
}
