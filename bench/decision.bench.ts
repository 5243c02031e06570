// `npm run bench -- decision`: how long one whole decision takes, from the closed bar to the verdict of risk, with models that `ratchet
// train` made (BRN-16): features, candidates, the three models, sizing and every rule. No order leaves and nothing is written.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { replayClock } from '../src/base/clock.ts'
import { unwrap } from '../src/base/fault.ts'
import { seededRng } from '../src/base/rng.ts'
import { fixedModels } from '../src/loop/set-lease.ts'
import { type Bar, DAY_MS } from '../src/market/bar.ts'
import { calendarOf } from '../src/market/calendars/index.ts'
import { SPX } from '../src/market/instrument.ts'
import { loadModelSet, type ModelSet } from '../src/serving/model-set.ts'
import { candidateBook } from '../src/trading/candidates.ts'
import { tradingEngine } from '../src/trading/engine.ts'
import { replayAccount } from '../src/trading/limits.ts'
import type { ModelsInCharge } from '../src/trading/models-in-charge.ts'
import { paperBroker } from '../src/trading/paper-broker.ts'
import { portfolio } from '../src/trading/portfolio.ts'
import { GENERAL_STRATEGIES } from '../src/trading/strategies/index.ts'
import { sp500Bars } from '../test/sp500.ts'
import { trainedReleases } from './swap/tagged.ts'

const DECISIONS = 1_000_000
const WARM_UP_PASSES = 5
/** BRN-16, microseconds. */
const LIMITS = { p50: 50, p99: 250, p999: 1000 } as const

export type DecisionLine = {
  readonly name: string
  readonly decisions: number
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly longestUs: number
  readonly ok: boolean
}

/** Asked of all models at every bar, whatever the rules of the brain need: the dearest decision there is. */
function everyModel(set: ModelSet): ModelsInCharge {
  const models = fixedModels(
    set,
    GENERAL_STRATEGIES.map(({ name }) => name),
  )
  const rows = new Map([...set.roles].map(([role, { width }]) => [role, new Float32Array(width)]))
  return {
    lease(position) {
      const lease = models.lease(position)
      lease.probabilities(rows.get('meta')!)
      lease.expectedR(rows.get('execution')!)
      lease.size(rows.get('rl_sizer')!)
      return lease
    },
  }
}

/** How often the machine took the processor away from us so far: whoever shares it makes decisions long that are not. */
const interruptions = (): number => process.resourceUsage().involuntaryContextSwitches

type Times = {
  /** Microseconds. */
  readonly all: Float64Array
  /** Those during which nobody took the processor away. */
  readonly own: number[]
}

/** Once over the history with a fresh account; times are written from `from` on. */
function pass(bars: readonly Bar[], models: ModelsInCharge, { all, own }: Times, from: number): number {
  const market = { instrument: SPX, calendar: calendarOf('nyse'), barMs: DAY_MS, hasVolume: true }
  const limits = replayAccount({ symbol: 'SPX' })
  const book = candidateBook({ ...market, strategies: GENERAL_STRATEGIES, labels: limits })
  const clock = replayClock(Number.NEGATIVE_INFINITY)
  const engine = tradingEngine({
    ...market,
    models,
    limits,
    broker: paperBroker(market),
    portfolio: portfolio(market),
    clock,
    rng: seededRng(1),
  })
  let at = from
  for (const bar of bars) {
    clock.advanceTo(bar.knownAt)
    const switches = interruptions()
    const began = process.hrtime.bigint()
    const event = book.update(bar)
    engine.onEvent(event, book.table)
    const took = Number(process.hrtime.bigint() - began) / 1000
    if (!event.ready || at === all.length) continue
    all[at++] = took
    if (interruptions() === switches) own.push(took)
  }
  return at
}

function heapAfterGc(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

function lineOf(name: string, times: ArrayLike<number>): DecisionLine {
  const rising = Float64Array.from(times).sort()
  const at = (share: number): number => rising[Math.min(rising.length - 1, Math.floor(share * rising.length))]!
  const [p50Us, p99Us, p999Us] = [at(0.5), at(0.99), at(0.999)]
  return {
    name,
    decisions: times.length,
    p50Us,
    p99Us,
    p999Us,
    longestUs: rising.at(-1)!,
    ok: p50Us <= LIMITS.p50 && p99Us <= LIMITS.p99 && p999Us <= LIMITS.p999,
  }
}

/** @param scale 1 is a million decisions; smaller ones are for a look */
export async function decisionLines(
  tell: (line: Readonly<Record<string, string | number | boolean>> & { readonly ok: boolean }) => void,
  scale = 1,
): Promise<void> {
  const [release] = await trainedReleases(1)
  const models = everyModel(unwrap(loadModelSet(release!)))
  const bars = sp500Bars()
  for (let i = 0; i < WARM_UP_PASSES; i++) pass(bars, models, { all: new Float64Array(0), own: [] }, 0)
  const times = { all: new Float64Array(Math.max(1, Math.round(DECISIONS * scale))), own: [] as number[] }
  const before = heapAfterGc()
  for (let at = 0; at < times.all.length; ) at = pass(bars, models, times, at)
  const grown = heapAfterGc() - before
  tell(lineOf('decision-all-models', times.all))
  tell(lineOf('decision-uninterrupted', times.own))
  // The times themselves are kept too.
  const bytes = Math.max(0, grown - 8 * times.own.length) / times.all.length
  tell({ name: 'decision-heap', decisions: times.all.length, bytesPerDecision: bytes, ok: bytes < 1 })
}
