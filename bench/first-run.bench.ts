// What a newcomer waits for: from the start of the process to a page with moving candles, to the first verdict on a trained, signed and
// published release, and how many cycles are through after a minute. Run it: node bench/first-run.bench.ts

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunEvent } from '../src/loop/run-event.ts'
import { chromium } from '../test/browser.ts'

/** DEMO-03 and DEMO-04, in seconds. */
const LIMITS = { picture: 10, verdict: 60, cycles: 60 } as const
const CYCLES = 6

const root = fileURLToPath(new URL('..', import.meta.url))
const state = mkdtempSync(join(tmpdir(), 'ratchet-first-run-'))
const started = performance.now()
const seconds = (): number => (performance.now() - started) / 1000
const times = new Map<string, number>()
const mark = (name: string): void => {
  if (times.has(name)) return
  times.set(name, seconds())
  console.log(`${seconds().toFixed(1).padStart(6)} s  ${name}`)
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const url = /watch it: (\S+)/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', code => reject(new Error(`ended with ${code} before the page was there:\n${text}`)))
  })
}

type Streamed = {
  [T in RunEvent['topic']]: { readonly topic: T; readonly body: Extract<RunEvent, { topic: T }>['body'] }
}[RunEvent['topic']]

/** Each event of the stream, until the signal. */
async function* eventsOf(url: string, signal: AbortSignal): AsyncGenerator<Streamed> {
  const response = await fetch(`${url}/api/events?since=0`, { signal })
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const topic = /^event: (.+)$/m.exec(block)?.[1]
      const data = /^data: (.+)$/m.exec(block)?.[1]
      if (topic !== undefined && data !== undefined) yield { topic, body: JSON.parse(data) } as Streamed
    }
  }
}

const args = [join(root, 'scripts', 'launch.mjs'), 'run', 'up', '--state', state, '--port', '0']
const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
let browser: Awaited<ReturnType<typeof chromium>>
try {
  const url = await urlOf(child)
  mark('the server listens')
  browser = await chromium()
  if (browser === undefined) console.log('        no Chromium found: the picture is not measured')
  const page = await browser?.newPage({ viewport: { width: 1280, height: 900 } })
  const draw = async (): Promise<void> => {
    await page?.goto(`${url}/`)
    await page?.waitForSelector('canvas')
    if (page !== undefined) mark('the page draws')
  }
  const picture = draw()
  const stop = new AbortController()
  let warm = 0
  let cycles = 0
  for await (const { topic, body } of eventsOf(url, AbortSignal.any([stop.signal, AbortSignal.timeout(90_000)]))) {
    if (topic === 'bar' && body.index >= 757 && ++warm === 2) mark('candles move')
    if (topic === 'training' && body.state === 'started') mark('the first training runs')
    if (topic === 'training' && body.state !== 'started' && ++cycles === CYCLES) {
      mark(`${CYCLES} training cycles are through`)
      break
    }
    if (topic !== 'judged') continue
    if (body.drill) mark(`a forged release is ${body.verdict}: ${body.decidedBy ?? ''} (DRILL)`)
    else if (!times.has('verdict')) {
      times.set('verdict', seconds())
      mark(`the first release is ${body.verdict}${body.decidedBy === null ? '' : ` by ${body.decidedBy}`}`)
    }
  }
  stop.abort()
  await picture
} finally {
  await browser?.close()
  child.kill('SIGTERM')
  await new Promise(resolve => child.once('exit', resolve))
  rmSync(state, { recursive: true, force: true })
}

const checks = [
  ['picture', Math.max(times.get('the page draws') ?? 0, times.get('candles move') ?? Number.POSITIVE_INFINITY)],
  ['verdict', times.get('verdict') ?? Number.POSITIVE_INFINITY],
  ['cycles', times.get(`${CYCLES} training cycles are through`) ?? Number.POSITIVE_INFINITY],
] as const
for (const [name, value] of checks) {
  const limit = LIMITS[name]
  console.log(`${name}: ${value.toFixed(1)} s, limit ${limit} s: ${value <= limit ? 'met' : 'NOT MET'}`)
}
console.log(`node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`)
process.exitCode = checks.every(([name, value]) => value <= LIMITS[name]) ? 0 : 1
