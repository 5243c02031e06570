// Proof by perturbation that nothing looked ahead (FEAT-06, BT-08): replace everything after bar t by noise, and what was known up to t must
// stay bit for bit what it was.

import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'

/** What was known at each bar, one list of numbers per bar: feature values, labels that closed there, decisions, fills. */
export type Observe = (bars: readonly Bar[]) => readonly (readonly number[])[]

export type Leak = {
  /** Bar after which everything was replaced. */
  readonly cut: number
  /** Earliest bar whose observation changed. */
  readonly bar: number
  /** Place in that bar's list; -1 where its length changed. */
  readonly column: number
}

export type LeakReport = {
  readonly samples: number
  /** At most one leak per cut. Empty: clean. */
  readonly leaks: readonly Leak[]
}

export type LeakLintOptions = {
  readonly rng: Rng
  /** Cuts to try, drawn with replacement. */
  readonly samples?: number
  /** Earliest bar to cut after: before warm-up there is nothing that could leak. */
  readonly from?: number
  /** Grid of the noise prices. */
  readonly step?: number
  /** Bars of noise after a cut; what follows is left out. */
  readonly horizon?: number
}

/** Standard deviation of the noise's log returns: far from anything the market does, so that a leak cannot hide. */
const WILD = 0.05

function noiseAfter(bars: readonly Bar[], cut: number, rng: Rng, step: number, horizon: number): Bar[] {
  const onGrid = (price: number) => Math.max(1, Math.round(price / step)) * step
  const perturbed = bars.slice(0, cut + 1)
  let close = bars[cut]!.close
  for (const { time, knownAt, volume } of bars.slice(cut + 1, cut + 1 + horizon)) {
    const wander = () => onGrid(close * Math.exp(WILD * rng.normal()))
    const open = wander()
    const last = wander()
    const others = [wander(), wander()]
    perturbed.push({
      time,
      knownAt,
      open,
      high: Math.max(open, last, ...others),
      low: Math.min(open, last, ...others),
      close: last,
      volume: volume === 0 ? 0 : Math.ceil(volume * (0.1 + 2 * rng.next())),
    })
    close = last
  }
  return perturbed
}

function firstDifference(
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
  cut: number,
): { readonly bar: number; readonly column: number } | undefined {
  for (let bar = 0; bar <= cut; bar++) {
    const was = before[bar] ?? []
    const is = after[bar] ?? []
    if (was.length !== is.length) return { bar, column: -1 }
    const column = was.findIndex((value, index) => !Object.is(value, is[index]))
    if (column >= 0) return { bar, column }
  }
  return undefined
}

/**
 * @param observe must start from nothing at each call
 * @param bars at least two
 * @example
 * lintLeaks(bars => bars.map((_, i) => [bars[i + 1]?.close ?? 0]), bars, { rng: seededRng(1) }).leaks.length // 200: it peeks
 */
export function lintLeaks(
  observe: Observe,
  bars: readonly Bar[],
  { rng, samples = 200, from = 0, step = 0.01, horizon = 128 }: LeakLintOptions,
): LeakReport {
  if (bars.length < from + 2) throw new RangeError('a leak cannot show in fewer than two bars')
  const truth = observe(bars)
  const leaks: Leak[] = []
  for (let sample = 0; sample < samples; sample++) {
    const cut = from + rng.int(bars.length - 1 - from)
    const found = firstDifference(truth, observe(noiseAfter(bars, cut, rng, step, horizon)), cut)
    if (found !== undefined) leaks.push({ cut, ...found })
  }
  return { samples, leaks }
}
