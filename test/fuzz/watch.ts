// Runs a fuzz target in a child process and sees what no process can say of itself: that it died, hangs or eats the memory.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
const POLL_MS = 50
/** Before the first input. */
const LOADING = -1
/** Of CPU on one input. A busy machine takes wall time from us and must not look like a hang. */
const HANG_CPU_SECONDS = 1
const RSS_CAP = 512 * 1024 * 1024
/** `USER_HZ` of every Linux that Node runs on. */
const TICKS = 100

export type FuzzRun = {
  /** File that exports `targets`. */
  readonly module: URL
  readonly name: string
  readonly seed: number
  readonly from?: number
  readonly count: number
}

export type FuzzReport =
  | { readonly kind: 'done'; readonly accepted: number; readonly maxRss: number; readonly cpuSeconds: number }
  /** `accepted`: taken for what it is not. The input is made again from seed and index. */
  | {
      readonly kind: 'accepted' | 'threw' | 'crash' | 'hang' | 'memory'
      readonly index: number
      readonly seed: number
      readonly detail: string
    }

type Vitals = { readonly cpuSeconds: number; readonly rss: number }

/** Undefined where the process is gone or the system has no /proc: then only crashes and misreadings are seen. */
function vitalsOf(pid: number): Vitals | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, rss: Number(rss?.[1] ?? 0) * 1024 }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause
    return undefined
  }
}

/** Never throws for what the target does. */
export async function fuzz({ module, name, seed, from = 0, count }: FuzzRun): Promise<FuzzReport> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-fuzz-'))
  const status = join(folder, 'status')
  const before = Buffer.alloc(8)
  before.writeDoubleLE(LOADING)
  writeFileSync(status, before)
  const place = () => readFileSync(status).readDoubleLE(0)
  const words = [fileURLToPath(module), name, String(seed), String(from), String(count), status]
  const child = spawn(process.execPath, ['--max-old-space-size=384', CHILD, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  let killed: 'hang' | 'memory' | undefined
  let last = { index: LOADING, cpuSeconds: 0 }
  let cpuSeconds = 0
  const kill = (why: 'hang' | 'memory') => {
    killed = why
    child.kill('SIGKILL')
  }
  const look = () => {
    const vitals = vitalsOf(child.pid!)
    if (vitals === undefined) return
    cpuSeconds = vitals.cpuSeconds
    const index = place()
    if (index !== last.index) last = { index, cpuSeconds }
    else if (index !== LOADING && cpuSeconds - last.cpuSeconds > HANG_CPU_SECONDS) kill('hang')
    if (vitals.rss > RSS_CAP) kill('memory')
  }
  const end = new Promise<readonly [number | null, string | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (...how) => resolve(how))
  })
  let how: readonly [number | null, string | null] | undefined
  do {
    look()
    how = await Promise.race([end, setTimeout(POLL_MS, undefined)])
  } while (how === undefined)
  const [code, signal] = how
  const index = place()
  rmSync(folder, { recursive: true, force: true })
  if (killed !== undefined) return { kind: killed, index, seed, detail: `${name} was killed at input ${index}` }
  const said = Buffer.concat(output).toString()
  if (code === 0) return { ...(JSON.parse(said) as { kind: 'done'; accepted: number; maxRss: number }), cpuSeconds }
  if (code === 3)
    return { ...(JSON.parse(said) as { kind: 'accepted' | 'threw'; index: number; detail: string }), seed }
  const detail = `${name} ended with ${code ?? signal} at input ${index}: ${Buffer.concat(errors).toString().slice(-400)}`
  return { kind: 'crash', index, seed, detail }
}
