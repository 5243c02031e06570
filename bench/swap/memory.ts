// Whether memory stays flat over swaps: each set's graphs are loaded into ONNX Runtime's hosts, decided with, and given back by the slot
// two swaps later. Looked at after a full collection, the first hundred swaps left out.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { onnxRuntimeHosts } from '../../src/adapters/onnxruntime/hosts.ts'
import { unwrap } from '../../src/base/fault.ts'
import { openHosted } from '../../src/serving/evaluators.ts'
import { loadModelSet } from '../../src/serving/model-set.ts'
import { modelSlot } from '../../src/serving/slot.ts'
import type { TrainedRelease } from './tagged.ts'

export type MemoryLine = {
  readonly name: 'swap-memory'
  readonly swaps: number
  /** Decisions in between without a finite answer. */
  readonly unanswered: number
  readonly residentSets: number
  readonly firstMb: number
  readonly lastMb: number
  readonly kibPerSwap: number
  /** Upper end of the 95 % interval. */
  readonly kibPerSwapBound: number
  readonly limitKib: number
}

type Look = { readonly swap: number; readonly kib: number }

const SETTLING = 100
const WINDOW = 10

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function slopeOf(looks: readonly Look[]): number {
  const [x, y] = [mean(looks.map(({ swap }) => swap)), mean(looks.map(({ kib }) => kib))]
  const spread = looks.reduce((sum, { swap }) => sum + (swap - x) ** 2, 0)
  return looks.reduce((sum, { swap, kib }) => sum + (swap - x) * (kib - y), 0) / spread
}

/** By leaving out each tenth in turn: looks beside each other are not independent. */
function halfWidth(looks: readonly Look[]): number {
  const tenths = Array.from({ length: 10 }, (_, t) => looks.filter((_, i) => Math.floor((i * 10) / looks.length) !== t))
  const slopes = tenths.map(slopeOf)
  return 1.96 * Math.sqrt(0.9 * slopes.reduce((sum, slope) => sum + (slope - mean(slopes)) ** 2, 0))
}

export async function swapMemory(swaps: number, releases: readonly TrainedRelease[]): Promise<MemoryLine> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const hosts = onnxRuntimeHosts({ deadlineMs: 5000 })
  const slot = modelSlot()
  const looks: Look[] = []
  let unanswered = 0
  try {
    for (let swap = 1; swap <= swaps; swap++) {
      const { manifest, manifestSha256, members } = releases[swap % releases.length]!
      const hosted = unwrap(await openHosted({ members }, { engine: 'host', hosts }))
      slot.swap(unwrap(loadModelSet({ manifest, manifestSha256, members }, hosted)))
      const lease = slot.lease()
      for (const evaluator of lease.set!.roles.values()) {
        const row = new Float32Array(evaluator.width).fill(0.5)
        if (!evaluator.run(row, 1).every(Number.isFinite)) unanswered++
      }
      lease.release()
      if (swap <= SETTLING) continue
      collect()
      looks.push({ swap, kib: process.memoryUsage.rss() / 1024 })
    }
    // What is in use between two collections comes and goes: of so many looks the lowest counts.
    const lowest = Array.from({ length: Math.floor(looks.length / WINDOW) }, (_, w) =>
      looks.slice(w * WINDOW, (w + 1) * WINDOW).reduce((least, look) => (look.kib < least.kib ? look : least)),
    )
    const slope = slopeOf(lowest)
    return {
      name: 'swap-memory',
      swaps,
      unanswered,
      residentSets: slot.stats().resident,
      firstMb: lowest[0]!.kib / 1024,
      lastMb: lowest.at(-1)!.kib / 1024,
      kibPerSwap: slope,
      kibPerSwapBound: slope + halfWidth(lowest),
      limitKib: 1,
    }
  } finally {
    slot.swap(undefined)
    slot.dropPrevious()
    await hosts.close()
  }
}
