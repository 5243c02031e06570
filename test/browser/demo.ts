// The program as people start it, in a process of its own with a state directory of its own; the journeys look at its page.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReleaseView } from '../../src/api/schemas/releases.ts'
import type { Status } from '../../src/api/schemas/status.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A busy machine is no fault of the page: what has a limit of its own is measured where it is asserted. */
export const PATIENCE_MS = 90_000

export type Demo = {
  readonly url: string
  readonly state: string
  /** An answer of its API. */
  readonly get: <T>(path: string) => Promise<T>
  /** As another program would; @returns status and body. */
  readonly post: (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>
  /** Ends it as Ctrl-C does. */
  readonly stop: () => Promise<void>
  /** Starts it again on the same state and the same port. */
  readonly start: () => Promise<void>
  /** Ends it and removes its state. */
  readonly remove: () => Promise<void>
}

/**
 * @param args of `ratchet`, without state and port
 * @example const demo = await startDemo(['up', '--speed', '10'])
 */
export async function startDemo(args: readonly string[]): Promise<Demo> {
  if (!existsSync(join(root, 'web', 'dist', 'index.html'))) {
    throw new Error('the dashboard is not built: node_modules/.bin/vite build web')
  }
  const state = mkdtempSync(join(tmpdir(), 'ratchet-page-'))
  let { child, url } = await launch(args, state, 0)
  const port = Number(new URL(url).port)
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(url + path)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(hard)
  }
  return {
    url,
    state,
    get,
    async post(path, body) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const response = await fetch(url + path, init)
      return { status: response.status, body: await response.json() }
    },
    stop,
    async start() {
      ;({ child, url } = await launch(args, state, port))
    },
    async remove() {
      await stop()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** One that has seen releases come, go and be refused, and now stands still between two bars. */
export async function standingDemo(): Promise<Demo> {
  const demo = await startDemo(['up', '--speed', 'max'])
  try {
    return await stands(demo)
  } catch (cause) {
    // Nobody else knows of it, and its process would keep the tests from ending.
    await demo.remove()
    throw cause
  }
}

async function stands(demo: Demo): Promise<Demo> {
  await until('a release took over from another, and one was refused', async () => {
    const { items } = await demo.get<{ items: ReleaseView[] }>('/api/releases')
    return ['previous', 'refused'].every(wanted => items.some(({ state }) => state === wanted))
  })
  await demo.post('/api/replay', { action: 'pause' })
  await until('the run stands', async () => {
    const { live } = await demo.get<Status>('/api/status')
    return live?.state === 'paused' && live.training === null
  })
  return demo
}

async function launch(
  args: readonly string[],
  state: string,
  port: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const command = [join(root, 'src', 'app.ts'), ...args, '--state', state, '--port', String(port)]
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const found = /(?:watch|look at) it: (\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', code => reject(new Error(`ended with ${code} before its page was there:\n${text}`)))
  })
  return { child, url }
}

/** Asks again and again until it is so. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, ms = PATIENCE_MS): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const found = await ask()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`not within ${ms / 1000} s: ${what}`)
    // Gently: the API limits how often one address may ask.
    await sleep(250)
  }
}
