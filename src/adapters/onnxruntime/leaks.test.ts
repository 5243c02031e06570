// Sessions made and released, sets swapped: memory must not grow with their number. Long: RATCHET_LONG=1.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { unwrap } from '../../base/fault.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { validateModel } from '../../onnx/validate.ts'
import type { Hosted } from '../../serving/evaluator-hosts.ts'
import { bytesOf, wide } from './fixtures/graphs.ts'
import { onnxRuntimeHosts } from './hosts.ts'
import { residentOf } from './resident.ts'
import { runtimeProcess } from './runtime-process.ts'

const skip = process.env['RATCHET_LONG'] === undefined && 'thousands of sessions: set RATCHET_LONG=1'

/** Small, so that what comes and goes with each model does not hide what stays. */
const MODEL = bytesOf(wide(64, 2))
const row = Float32Array.of(1, -2)
const CREATIONS = 2_000
const SWAPS = 1_000
/** Until pools and caches have what they need. */
const SETTLING = 300

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

type Look = { readonly n: number; readonly kib: number }

/** Memory that is in use between collections comes and goes: of so many looks the lowest counts. */
const WINDOW = 10

const lowest = (looks: readonly Look[]): readonly Look[] =>
  Array.from({ length: Math.floor(looks.length / WINDOW) }, (_, w) =>
    looks.slice(w * WINDOW, (w + 1) * WINDOW).reduce((least, look) => (look.kib < least.kib ? look : least)),
  )

const fit = (looks: readonly Look[]): number => {
  const [meanN, meanKib] = [mean(looks.map(({ n }) => n)), mean(looks.map(({ kib }) => kib))]
  const spread = looks.reduce((sum, { n }) => sum + (n - meanN) ** 2, 0)
  return looks.reduce((sum, { n, kib }) => sum + (n - meanN) * (kib - meanKib), 0) / spread
}

/** Least squares, and its 95 % bound by leaving out each tenth in turn: looks beside each other are not independent. */
function slope(looks: readonly Look[]): { readonly kib: number; readonly bound: number } {
  const size = Math.ceil(looks.length / 10)
  const tenths = Math.ceil(looks.length / size)
  const without = Array.from({ length: tenths }, (_, t) => fit(looks.filter((_, i) => Math.floor(i / size) !== t)))
  const spread = without.reduce((sum, each) => sum + (each - mean(without)) ** 2, 0)
  return { kib: fit(looks), bound: 1.96 * Math.sqrt(((tenths - 1) / tenths) * spread) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** @param mostKib what a time may leave behind; a figure whose 95 % bound reaches down to it passes */
function judge(context: TestContext, what: string, looks: readonly Look[], mostKib = 1): void {
  const { kib, bound } = slope(lowest(looks))
  const [first, last] = [looks[0]!, looks.at(-1)!]
  const range = `${Math.round(first.kib / 1024)} MiB at ${first.n}, ${Math.round(last.kib / 1024)} MiB at ${last.n}`
  context.diagnostic(`${what}: ${kib.toFixed(3)} ± ${bound.toFixed(3)} KiB each; ${range}`)
  assert.ok(kib - bound <= mostKib, `${what} grows by ${kib.toFixed(3)} KiB each`)
}

/** The runtime keeps some KiB of each session: the reason why a process is replaced after 50 sets. A session whole is far more. */
const KEPT_KIB = 16

test(`fault 64: ${CREATIONS} sessions made and released in one process do not stay in it`, {
  skip,
}, async context => {
  const child = await runtimeProcess()
  const looks: Look[] = []
  for (let n = 0; n < CREATIONS; n++) {
    await child.ask({ kind: 'load', id: n }, MODEL)
    await child.ask({ kind: 'run', id: n, count: 1 }, row)
    await child.ask({ kind: 'release', id: n })
    if (n >= SETTLING && n % 4 === 0) looks.push({ n, kib: (await residentOf(child.pid))!.nowMb * 1024 })
  }
  await child.close()
  judge(context, 'a session', looks, KEPT_KIB)
})

test(`fault 64: ${CREATIONS} graphs compiled and let go leave our own memory as it was`, { skip }, context => {
  const looks: Look[] = []
  for (let n = 0; n < CREATIONS; n++) {
    unwrap(compileModel(unwrap(validateModel(MODEL)))).run(row, 1)
    if (n < SETTLING || n % 4 !== 0) continue
    collect()
    looks.push({ n, kib: process.memoryUsage.rss() / 1024 })
  }
  judge(context, 'a compiled graph', looks)
})

test(`fault 64: ${SWAPS} swaps of sets in a pair of processes leave our own memory as it was`, {
  skip,
}, async context => {
  const hosts = onnxRuntimeHosts({ deadlineMs: 5_000 })
  const sets: Hosted[] = []
  const looks: Look[] = []
  const graph = { bytes: MODEL, inputName: 'x', outputName: 'y', width: 2, outputs: 1, metadata: {} }
  for (let n = 0; n < SWAPS; n++) {
    sets.push(unwrap(await hosts.open(new Map([['meta', graph]]))))
    sets.at(-1)!.roles.get('meta')!.run(row, 1)
    // In charge and the way back.
    if (sets.length > 2) sets.shift()!.release()
    if (n < SETTLING || n % 5 !== 0) continue
    collect()
    looks.push({ n, kib: process.memoryUsage.rss() / 1024 })
  }
  await hosts.close()
  judge(context, 'a swap', looks)
})
