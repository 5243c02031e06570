// How this system holds a child process to limits (SRV-12): util-linux wrappers that replace themselves by the next one, so that the
// process id stays the one that was started, and Node's own permissions as an extra belt.

import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export type Limits = {
  /** Address space; where it cannot be limited the parent watches resident memory instead. */
  readonly memoryMb: number
  /** Processor time; absent: no limit. */
  readonly cpuSeconds?: number | undefined
  readonly descriptors: number
}

/** What this system offers, each proven by a run of its own. */
export type Confinement = {
  /** `unshare`: no network, no rights. */
  readonly network: boolean
  /** `setpriv`: ends with its parent. */
  readonly parent: boolean
  /** `prlimit`: address space, processor time, descriptors. */
  readonly limits: boolean
}

export const UNCONFINED: Confinement = Object.freeze({ network: false, parent: false, limits: false })

const UNSHARE = ['/usr/bin/unshare', '-rn']
// After `unshare`, since a change of credentials would clear it.
const SETPRIV = ['/usr/bin/setpriv', '--pdeathsig', 'KILL']
const PRLIMIT = '/usr/bin/prlimit'

async function works([file, ...given]: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(file!, [...given, '/bin/sh', '-c', ':'], { env: {}, timeout: 5_000 })
    return true
  } catch {
    // Not installed, not permitted or without the option: the child is held without it, and says so.
    return false
  }
}

let asked: Promise<Confinement> | undefined

/** Asked once a process: what a system permits does not change under it. */
export function confinement(): Promise<Confinement> {
  asked ??= (async () => {
    if (process.platform !== 'linux') return UNCONFINED
    const [network, parent, limits] = await Promise.all([
      works(UNSHARE),
      works(SETPRIV),
      works([PRLIMIT, '--nofile=64']),
    ])
    return { network, parent, limits }
  })()
  return asked
}

const NAMES = 'onnxruntime-common'

/**
 * Its own code and the runtime to read, nothing to write, no network, no processes.
 *
 * @throws Error where the runtime is not installed
 */
function permissions(): readonly string[] {
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  const names = createRequire(runtime).resolve(NAMES)
  const readable = [
    fileURLToPath(new URL('../..', import.meta.url)),
    fileURLToPath(new URL('../../../package.json', import.meta.url)),
    `${dirname(runtime)}/`,
    names.slice(0, names.lastIndexOf(NAMES) + NAMES.length + 1),
  ]
  return [
    '--permission',
    '--allow-addons',
    '--allow-worker',
    ...readable.map(path => `--allow-fs-read=${path}`),
    '--disable-warning=SecurityWarning',
  ]
}

/** @example spawn(...commandLine('/app/child.ts', limits, await confinement())) */
export function commandLine(script: string, limits: Limits, held: Confinement): readonly [string, readonly string[]] {
  const words = [
    ...(held.network ? UNSHARE : []),
    ...(held.parent ? SETPRIV : []),
    ...(held.limits ? prlimit(limits) : []),
    process.execPath,
    ...permissions(),
    script,
    ...(held.parent ? [] : ['watch-parent']),
  ]
  return [words[0]!, words.slice(1)]
}

function prlimit({ memoryMb, cpuSeconds, descriptors }: Limits): readonly string[] {
  const cpu = cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}`]
  return [PRLIMIT, `--as=${memoryMb * 2 ** 20}`, ...cpu, `--nofile=${descriptors}`, '--core=0']
}
