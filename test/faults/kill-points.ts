// Where a process can be struck: at each of its system calls on a state directory where a tracer is permitted, which kills it or lets the
// call fail, else before each change that it makes to the disk, which kills it. An undisturbed run is watched once, and each point knows
// the step of the act that it lies in.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bug } from './planted.ts'
import type { Victims } from './victims.ts'

export type KillPoint = {
  /** `s1` to `s17` of an install; `begin` before the first and in acts without steps. */
  readonly step: string
  /** `rename state/CURRENT.tmp`, for people and for filters. */
  readonly what: string
  readonly kind: 'call' | 'change'
  /** How it is struck: the options of the tracer, or the environment of the child. */
  readonly options: (state: string, blow: Blow) => readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What the tracer does to a call: `signal=KILL`, or `error=EIO` once or from there on. */
export type Blow = { readonly inject: string; readonly persistent?: boolean }
const KILL: Blow = { inject: 'signal=KILL' }

const CALLS = ['access', 'openat', 'write', 'pwrite64', 'ftruncate', 'fsync', 'fdatasync', 'fchmod', 'chmod']
const NAMES = ['rename', 'renameat2', 'mkdir', 'unlink', 'unlinkat', 'rmdir']

export const hasTracer = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=none', 'true']).status === 0

const cache = mkdtempSync(join(tmpdir(), 'ratchet-compiled-'))
process.once('exit', () => rmSync(cache, { recursive: true, force: true }))

/** What an acting child starts with. One thread of the pool makes all file calls, so that one counter counts them. */
export const environment = (bug?: Bug, env: object = {}) => ({
  ...process.env,
  NODE_COMPILE_CACHE: cache,
  UV_THREADPOOL_SIZE: '1',
  ...(bug === undefined ? {} : { PLANT: bug }),
  ...env,
})

/** All points of the act, in order. */
export function killPoints(victims: Victims, bug?: Bug): readonly KillPoint[] {
  return hasTracer ? tracedPoints(victims, bug) : changePoints(victims, bug)
}

function changePoints(victims: Victims, bug: Bug | undefined): readonly KillPoint[] {
  const run = spawnSync(process.execPath, victims.argumentsOf(victims.fresh()), {
    encoding: 'utf8',
    env: environment(bug),
  })
  const [, changes, marks = ''] = /done (\d+) (.*)/.exec(run.stdout) ?? []
  assert.ok(changes !== undefined, run.stderr)
  const steps = marks.split(' ').map(mark => mark.split('@') as [string, string])
  return Array.from({ length: Number(changes) }, (_, n) => {
    const [step] = steps.findLast(([, at]) => Number(at) <= n)!
    return { step, what: `change ${n}`, kind: 'change', options: () => [], env: { FAULT: String(n) } }
  })
}

function tracedPoints(victims: Victims, bug: Bug | undefined): readonly KillPoint[] {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-trace-'))
  const trace = join(folder, 'trace')
  const state = victims.fresh()
  const watched = ['-f', '-y', '-s', '4096', '-o', trace, '-e', `trace=${[...CALLS, ...NAMES].join()}`]
  const run = spawnSync('strace', [...watched, process.execPath, ...victims.argumentsOf(state)], {
    encoding: 'utf8',
    env: environment(bug),
  })
  assert.ok(run.stdout.includes('done'), run.stderr)
  const lines = readFileSync(trace, 'utf8').split('\n')
  rmSync(folder, { recursive: true })
  return pointsIn(lines, state)
}

/** Calls that only look; they are counted, since the tracer counts them, and are no points. */
const looksOnly = (call: string, line: string): boolean => call === 'openat' && !line.includes('O_CREAT')

function pointsIn(lines: readonly string[], state: string): readonly KillPoint[] {
  const points: KillPoint[] = []
  const counts = new Map<string, number>()
  let step: string | undefined
  for (const line of lines) {
    const call = /^\d+ +(\w+)\(/.exec(line)?.[1]
    if (call === undefined) continue
    const paths = [...line.matchAll(/[<"](\/[^>"]*)[>"]/g)].map(match => match[1]!)
    const marked = paths.find(path => path.startsWith('/step/'))
    const path = marked ?? paths.find(path => path.startsWith(`${state}/`))
    if (path === undefined) continue
    for (const each of new Set(paths)) counts.set(`${call} ${each}`, (counts.get(`${call} ${each}`) ?? 0) + 1)
    if (marked !== undefined) step = marked.slice('/step/'.length)
    if (step === undefined || step === 'end' || looksOnly(call, line)) continue
    const nth = counts.get(`${call} ${path}`)!
    const below = path.startsWith(state) ? path.slice(state.length) : undefined
    points.push({
      step,
      what: `${call} ${below?.slice(1) ?? path}`,
      kind: 'call',
      options: (own, { inject, persistent = false }) => [
        '-P',
        below === undefined ? path : own + below,
        '-e',
        `inject=${call}:${inject}:when=${nth}${persistent ? '+' : ''}`,
      ],
      env: {},
    })
  }
  return points
}

/** What the process said, struck there. */
export function strikeAt(
  victims: Victims,
  state: string,
  point: KillPoint,
  { blow = KILL, bug }: { readonly blow?: Blow; readonly bug?: Bug | undefined } = {},
) {
  const own = [process.execPath, ...victims.argumentsOf(state)] as const
  const call = point.what.split(' ')[0]!
  const tracer = ['strace', '-f', '-o', '/dev/null', '-e', `trace=${call}`, ...point.options(state, blow)]
  const [program = '', ...args] = point.kind === 'call' ? [...tracer, ...own] : own
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: environment(bug, point.env) })
  return { stdout, stderr }
}

/** Runs the act and kills it there. Whether it was hit: a run that came to its end was not. */
export const killAt = (victims: Victims, state: string, point: KillPoint, bug?: Bug): boolean =>
  !strikeAt(victims, state, point, { bug }).stdout.includes('done')
