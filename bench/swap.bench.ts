// `npm run bench -- swap`: models of `ratchet train` in the slot of the program while decisions arrive. Whether a swap drops, doubles or
// mixes one, how long any of them waits, how fast a rollback and a start are. Under a busy machine the waits are those of the machine.

import type { ModelSet } from '../src/serving/model-set.ts'
import { modelSlot } from '../src/serving/slot.ts'
import { rollbackDrills } from './swap/drills.ts'
import { durableSwaps } from './swap/durable.ts'
import { type LoadFigures, load } from './swap/load.ts'
import { swapMemory } from './swap/memory.ts'
import { recovery } from './swap/recovery.ts'
import { type Truth, taggedSet, trainedReleases, truthOf } from './swap/tagged.ts'

export type SwapLine = Readonly<Record<string, string | number | boolean>> & { readonly ok: boolean }

const ROWS = 256
/** Between two swaps in memory. */
const EVERY_MS = 5
const LIMITS = { perSecond: 20_000, p999Ms: 5, stallMs: 20, share: 1.1 } as const

/** In memory, between decisions and inside them. */
async function memorySwaps(swaps: number, sets: readonly ModelSet[], truth: Truth): Promise<LoadFigures> {
  const slot = modelSlot('main', sets[0])
  let done = 0
  let nextAt = 0
  const disturb = (inside: boolean): void => {
    const now = performance.now()
    // Every other swap strikes inside a decision.
    if (done === swaps || now < nextAt || inside !== (done % 2 === 1)) return
    slot.swap(sets[++done % sets.length])
    nextAt = now + EVERY_MS
  }
  // The first seconds compile.
  const warm = performance.now() + 3000
  await load({ slot, truth, perSecond: 24_000, over: () => performance.now() > warm })
  return load({ slot, truth, perSecond: 24_000, disturb, over: () => done === swaps })
}

function loadLine(name: string, swaps: number, figures: LoadFigures, strict: boolean): SwapLine {
  const { decisionsPerSecond, dropped, duplicated, mixed, releases, steady, swapping } = figures
  const share = swapping.p99Ms / steady.p99Ms
  const whole = dropped === 0 && duplicated === 0 && mixed === 0 && decisionsPerSecond >= LIMITS.perSecond * 0.999
  const quick = swapping.p999Ms <= LIMITS.p999Ms && swapping.longestStallMs <= LIMITS.stallMs
  return {
    name,
    swaps,
    decisions: steady.decisions + swapping.decisions,
    decisionsPerSecond,
    releases,
    dropped,
    duplicated,
    mixed,
    p50Ms: swapping.p50Ms,
    p99Ms: swapping.p99Ms,
    p999Ms: swapping.p999Ms,
    longestStallMs: swapping.longestStallMs,
    steadyP99Ms: steady.p99Ms,
    steadyP999Ms: steady.p999Ms,
    steadyLongestStallMs: steady.longestStallMs,
    p99OfSteady: share,
    ok: whole && quick && (!strict || share <= LIMITS.share),
  }
}

/** @param scale 1 is what is asked for; smaller ones are for a look */
export async function swapLines(tell: (line: SwapLine) => void, scale = 1): Promise<void> {
  const many = (count: number) => Math.max(1, Math.round(count * scale))
  const trained = await trainedReleases(3)
  const sets = trained.map((release, i) => taggedSet(release, i + 1))
  const truth = truthOf(sets, ROWS)
  const swaps = many(10_000)
  tell(loadLine('swap-under-load', swaps, await memorySwaps(swaps, sets, truth), true))
  const durable = many(1000)
  tell(loadLine('swap-durable-under-load', durable, await durableSwaps(durable, sets, truth), false))
  for (const database of ['up', 'down'] as const) {
    const line = await rollbackDrills(many(1000), [sets[0]!, sets[1]!], truth, database)
    tell({ ...line, ok: line.wrong === 0 && line.mixed === 0 && line.p999Ms <= line.limitMs })
  }
  const memory = await swapMemory(Math.max(200, many(1000)), trained)
  tell({ ...memory, ok: memory.unanswered === 0 && memory.kibPerSwapBound <= memory.limitKib })
  const boot = await recovery(5)
  tell({ ...boot, ok: boot.longestMs <= boot.limitMs })
}
