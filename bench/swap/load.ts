// Decisions that arrive by the clock, whatever else the thread does: each is timed from when it was due, so a stall counts for every
// decision that waited behind it. Slices with swaps and without take turns, so that a noisy moment of the machine hits both.

import type { ModelSlot } from '../../src/serving/slot.ts'
import { ROLES, type Truth } from './tagged.ts'

export type Waits = {
  readonly decisions: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  /** The longest time between two turns of the thread. */
  readonly longestStallMs: number
}

export type LoadFigures = {
  readonly decisionsPerSecond: number
  /** Due and not answered. */
  readonly dropped: number
  /** Answered under a number that another had. */
  readonly duplicated: number
  /** With an answer of another release than the lease's, or of two. */
  readonly mixed: number
  readonly releases: number
  readonly steady: Waits
  readonly swapping: Waits
}

export type LoadOptions = {
  readonly slot: ModelSlot
  readonly truth: Truth
  readonly perSecond: number
  /** Of one slice. */
  readonly sliceMs?: number
  /** Called in slices with swaps, once a turn and inside each decision between its first answer and its second. */
  readonly disturb?: (inside: boolean) => void
  /** Asked at the end of each slice with swaps. */
  readonly over: () => boolean
}

const nap = new Int32Array(new SharedArrayBuffer(4))

/** Whatever else is due has its turn; the rest of the time until the next decision leaves the processor to others. */
async function turn(due: number): Promise<void> {
  await new Promise<void>(resolve => setImmediate(resolve))
  const left = due - performance.now()
  if (left > 0.01) Atomics.wait(nap, 0, 0, left)
}

const same = (a: Float32Array, b: Float32Array): boolean => {
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false
  return true
}

function gatheredWaits() {
  let times = new Float64Array(1 << 22)
  let length = 0
  let longestStallMs = 0
  return {
    add(ms: number) {
      if (length === times.length) {
        const more = new Float64Array(2 * length)
        more.set(times)
        times = more
      }
      times[length++] = ms
    },
    stall(ms: number) {
      longestStallMs = Math.max(longestStallMs, ms)
    },
    figures(): Waits {
      const sorted = times.slice(0, length).sort()
      const at = (q: number) => sorted[Math.ceil(q * length) - 1] ?? Number.NaN
      return { decisions: length, p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), longestStallMs }
    },
  }
}

/** Decides with all three roles of the set that the lease names, and checks every number against what that release says. */
export async function load({
  slot,
  truth,
  perSecond,
  sliceMs = 500,
  disturb,
  over,
}: LoadOptions): Promise<LoadFigures> {
  const everyMs = 1000 / perSecond
  const rows = truth.rows.meta.length
  const firstSeq = slot.stats().leasesTaken
  const seen = new Set<string>()
  const [steady, swapping] = [gatheredWaits(), gatheredWaits()]
  let decisions = 0
  let wrongSeq = 0
  let mixed = 0
  const started = performance.now()
  let due = started
  let lastTurn = started
  let disturbed = false
  let sliceEnd = started + sliceMs

  const decide = (): void => {
    const n = decisions % rows
    const lease = slot.lease()
    if (lease.decisionSeq !== firstSeq + decisions + 1) wrongSeq++
    const set = lease.set!
    const wanted = truth.of.get(set.releaseId)!
    let right = true
    for (const role of ROLES) {
      right &&= same(set.roles.get(role)!.run(truth.rows[role][n]!, 1), wanted[role][n]!)
      if (disturbed && role === 'meta') disturb?.(true)
    }
    if (!right) mixed++
    seen.add(set.releaseId)
    lease.release()
  }

  for (;;) {
    await turn(due)
    const now = performance.now()
    const waits = disturbed ? swapping : steady
    waits.stall(now - lastTurn)
    lastTurn = now
    if (disturbed) disturb?.(false)
    while (due <= performance.now()) {
      decide()
      decisions++
      waits.add(performance.now() - due)
      due += everyMs
    }
    if (now < sliceEnd) continue
    if (disturbed && over()) break
    disturbed = !disturbed
    sliceEnd = now + sliceMs
  }
  const seconds = (performance.now() - started) / 1000
  return {
    decisionsPerSecond: Math.round(decisions / seconds),
    // What fell due while the last of them was answered has not been dropped.
    dropped: Math.max(0, Math.floor((lastTurn - started) / everyMs) - decisions),
    duplicated: wrongSeq + Math.abs(slot.stats().leasesTaken - firstSeq - decisions),
    mixed,
    releases: seen.size,
    steady: steady.figures(),
    swapping: swapping.figures(),
  }
}
