// Log lines in a file that is turned over when it is full, and reading them back, also as they come (OBS-05).

import { appendFileSync, createReadStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogFiles } from '../../base/log.ts'

const MOST_BYTES = 50 * 1024 * 1024
const KEPT = 5
const LOOK_MS = 250
/** Lines that wait for the state directory; who never makes one writes none. */
const EARLY = 100

const fileOf = (directory: string, age: number): string => `${directory}/logs/ratchet.log${age === 0 ? '' : `.${age}`}`

export type LogFileOptions = {
  /** The state directory; lines wait until it is there. */
  readonly directory: string
  /** Told once when a line could not be written. */
  readonly onFault: (cause: unknown) => void
  readonly mostBytes?: number
  readonly kept?: number
}

/** An empty line writes what waits and nothing else. Several processes may write at once: each line is one append, and whoever finds the file full turns it over. */
export function logFile({ directory, onFault, mostBytes = MOST_BYTES, kept = KEPT }: LogFileOptions) {
  const path = fileOf(directory, 0)
  let faulty = false
  let early: string[] = []
  return (line: string): void => {
    try {
      if (!existsSync(directory)) {
        if (early.length < EARLY) early.push(line)
        return
      }
      mkdirSync(`${directory}/logs`, { recursive: true, mode: 0o700 })
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      const text = early.join('') + line
      if (text === '') return
      if (size > 0 && size + text.length > mostBytes) {
        for (let age = kept - 1; age > 0; age--) {
          if (existsSync(fileOf(directory, age - 1))) renameSync(fileOf(directory, age - 1), fileOf(directory, age))
        }
      }
      appendFileSync(path, text, { mode: 0o600 })
      early = []
      faulty = false
    } catch (cause) {
      // A full disk must not end whoever only wanted to tell something.
      if (!faulty) onFault(cause)
      faulty = true
    }
  }
}

async function* linesAfter(path: string, offset: number): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path, { start: offset }), crlfDelay: Number.POSITIVE_INFINITY })
}

/** Whole lines that came after `offset`, and where they end. */
async function newLines(path: string, offset: number): Promise<{ readonly lines: string[]; readonly end: number }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(0, size - offset))
    await file.read(bytes, 0, bytes.length, offset)
    const cut = bytes.lastIndexOf(0x0a) + 1
    return { lines: bytes.subarray(0, cut).toString().split('\n').slice(0, -1), end: offset + cut }
  } finally {
    await file.close()
  }
}

async function* coming(path: string, from: number, inode: number | undefined, signal: AbortSignal) {
  let end = from
  let seen = inode
  while (!signal.aborted) {
    const now = existsSync(path) ? await stat(path) : undefined
    if (now !== undefined && (now.ino !== seen || now.size < end)) end = 0
    seen = now?.ino ?? seen
    if (now !== undefined && now.size > end) {
      const { lines, end: next } = await newLines(path, end)
      end = next
      yield* lines
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}

export const logFiles: LogFiles = {
  async *lines(directory, signal) {
    for (let age = 20; age > 0; age--) {
      if (existsSync(fileOf(directory, age))) yield* linesAfter(fileOf(directory, age), 0)
    }
    const path = fileOf(directory, 0)
    const there = existsSync(path) ? await stat(path) : undefined
    const { lines, end } = there === undefined ? { lines: [], end: 0 } : await newLines(path, 0)
    yield* lines
    yield undefined
    if (signal !== undefined) yield* coming(path, end, there?.ino, signal)
  },
}
