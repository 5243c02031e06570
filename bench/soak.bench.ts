// Whether memory stays flat while somebody watches for hours: the loop with its page, a browser on it, sampled until as many bars have
// gone by as two hours at the pace of the demo bring. A run that ends is begun again. The page holds the bars of the run it shows, so
// its memory rises within each run and falls with the next: where there are several, whole runs are measured. Run it:
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

/** Slope of a least-squares line, in its unit per bar. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / over
}

const server: [number, number][] = []
const heap: [number, number][] = []
/** Bars gone by at the first look at each run. */
const begun: number[] = []
let passed = 0
let before = 0
let seed = 42
try {
  for (let next = 0; passed < wanted; ) {
    await sleep(2000)
    const { run, live } = (await (await fetch(`${url}/api/status`)).json()) as Status
    const done = run?.barsDone ?? 0
    passed += done >= before ? done - before : done
    if (done < before) begun.push(passed - done)
    before = done
    if (live?.state === 'ended') {
      seed++
      const body = JSON.stringify({ action: 'restart', seed })
      await fetch(`${url}/api/replay`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }
    if (passed < next) continue
    next += wanted / SAMPLES
    server.push([passed, residentMb()])
    heap.push([passed, await heapMb()])
    console.log(
      `${String(passed).padStart(8)} bars  server ${server.at(-1)![1].toFixed(0)} MB  page ${heap.at(-1)![1].toFixed(1)} MB`,
    )
  }
} finally {
  await browser.close()
  child.kill('SIGTERM')
  await new Promise(resolve => child.once('exit', resolve))
  rmSync(state, { recursive: true, force: true })
}

const warm = wanted * WARM_SHARE
const first = begun.find(bars => bars >= warm) ?? warm
const last = begun.at(-1) ?? passed
const [from, to] = last > first ? [first, last] : [warm, passed]

let flat = true
for (const [name, all] of [
  ['server', server],
  ['page', heap],
] as const) {
  const points = all.filter(([bars]) => bars >= from && bars <= to)
  const growth = slope(points) * (points.at(-1)![0] - points[0]![0])
  // Where the line began, not the first sample: one sample is as high as garbage happened to lie.
  const share = growth / (points.reduce((sum, [, mb]) => sum + mb, 0) / points.length - growth / 2)
  flat &&= share <= FLAT
  console.log(
    `${name}: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB over ${points.length} samples (${(share * 100).toFixed(1)} %): ${share <= FLAT ? 'flat' : 'GROWS'}`,
  )
}
console.log(
  `${passed} bars, ${seed - 41} runs, node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`,
)
process.exitCode = flat ? 0 : 1
