// Whether memory stays flat while somebody watches for hours: the loop with its page, a browser on it, sampled until as many bars have
// gone by as two hours at the pace of the demo bring. A run that ends is begun again. The page holds the bars of the run it shows, so
// its memory rises within each run and falls with the next: growth is what is left beside that. Run it:
//   node bench/soak.bench.ts [bars, default 86400] [bars per second or max, default 12]

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Status } from '../src/api/schemas/status.ts'
import { chromium } from '../test/browser.ts'

const wanted = Number(process.argv[2] ?? 86_400)
const pace = process.argv[3] ?? '12'
/** The first part fills caches and heaps. */
const WARM_SHARE = 0.25
/** Growth over the measured part, as a share of where it began, that still counts as flat. */
const FLAT = 0.1
const SAMPLES = 60

const root = fileURLToPath(new URL('..', import.meta.url))
const state = mkdtempSync(join(tmpdir(), 'ratchet-soak-'))
const speed = pace === 'max' ? 'max' : String(Number(pace) / 12)
const args = [join(root, 'src', 'app.ts'), 'up', '--state', state, '--port', '0', '--speed', speed]
const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
const url = await new Promise<string>((resolve, reject) => {
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < 10_000) text += chunk
    const found = /watch it: (\S+)/.exec(text)?.[1]
    if (found !== undefined) resolve(found)
  })
  child.once('exit', code => reject(new Error(`ended with ${code}:\n${text}`)))
})

const residentMb = (): number => {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
const browser = await chromium()
if (browser === undefined) throw new Error('no Chromium was found: the page cannot be measured')
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
await page.goto(`${url}/#/market`)
const devtools = await page.context().newCDPSession(page)
const heapMb = async (): Promise<number> => {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

type Sample = {
  /** Of all runs. */
  readonly passed: number
  /** Of the run that goes on. */
  readonly done: number
  readonly mb: number
}

/**
 * Growth over the samples, and the level it set out from: least squares with the bars gone by and, beside them, the bars of the run, since
 * both sides hold what the run has brought so far.
 */
function growthOf(samples: readonly Sample[]): { readonly growth: number; readonly start: number } {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [x, z, y] = [mean(({ passed }) => passed), mean(({ done }) => done), mean(({ mb }) => mb)]
  const together = (left: (sample: Sample) => number, right: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + left(sample) * right(sample), 0)
  const [dx, dz, dy] = [
    (sample: Sample) => sample.passed - x,
    (sample: Sample) => sample.done - z,
    (sample: Sample) => sample.mb - y,
  ]
  const [xx, zz, xz] = [together(dx, dx), together(dz, dz), together(dx, dz)]
  const slope = (together(dx, dy) * zz - together(dz, dy) * xz) / (xx * zz - xz * xz)
  const growth = slope * (samples.at(-1)!.passed - samples[0]!.passed)
  return { growth, start: y - slope * (x - samples[0]!.passed) }
}

const server: Sample[] = []
const heap: Sample[] = []
let passed = 0
let before = 0
let seed = 42
try {
  for (let next = 0; passed < wanted; ) {
    await sleep(2000)
    const { run, live } = (await (await fetch(`${url}/api/status`)).json()) as Status
    const done = run?.barsDone ?? 0
    passed += done >= before ? done - before : done
    before = done
    if (live?.state === 'ended') {
      seed++
      const body = JSON.stringify({ action: 'restart', seed })
      await fetch(`${url}/api/replay`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }
    if (passed < next) continue
    next += wanted / SAMPLES
    const [resident, used] = [residentMb(), await heapMb()]
    server.push({ passed, done, mb: resident })
    heap.push({ passed, done, mb: used })
    console.log(`${String(passed).padStart(8)} bars  server ${resident.toFixed(0)} MB  page ${used.toFixed(1)} MB`)
  }
} finally {
  await browser.close()
  child.kill('SIGTERM')
  await new Promise(resolve => child.once('exit', resolve))
  rmSync(state, { recursive: true, force: true })
}

let flat = true
for (const [name, all] of [
  ['server', server],
  ['page', heap],
] as const) {
  const samples = all.filter(sample => sample.passed >= wanted * WARM_SHARE)
  const { growth, start } = growthOf(samples)
  const share = growth / start
  flat &&= share <= FLAT
  console.log(
    `${name}: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB over ${samples.length} samples (${(share * 100).toFixed(1)} %): ${share <= FLAT ? 'flat' : 'GROWS'}`,
  )
}
console.log(
  `${passed} bars, ${seed - 41} runs, node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`,
)
process.exitCode = flat ? 0 : 1
