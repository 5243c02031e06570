// Which sizer is worth having (RL-07)? The exact gradient against CVaR-PPO on the S&P sample's fired trades: each is fitted on the past of
// five walk-forward folds and of the holdout, and judged on the trades that follow. `node bench/learning/sizers.ts [SEEDS]`

import { join } from 'node:path'
import { seededRng } from '../../src/base/rng.ts'
import { importSeries } from '../../src/loop/import-series.ts'
import { rowsOf } from '../../src/loop/series-rows.ts'
import { worstMean } from '../../src/math/cvar.ts'
import { fitPrelude } from '../../src/models/prelude.ts'
import { PPO_DEFAULTS } from '../../src/models/rl/ppo-options.ts'
import { stopSplit } from '../../src/models/rl/sizer-rows.ts'
import { type SizerWorth, sizerWorth } from '../../src/models/rl/sizer-worth.ts'
import { buildDataset } from '../../src/training/dataset.ts'
import { SIZER_ROLE_DEFAULTS } from '../../src/training/options.ts'
import { fitPpoSizer } from '../../src/training/rl/fit-ppo-sizer.ts'
import type { SizerMarket } from '../../src/training/rl/sizer-environment.ts'
import { marketPart, sizerMarket } from '../../src/training/rl/sizer-market.ts'
import { fitSizerRole, type SizerTrades, sizerTrades } from '../../src/training/roles/sizer.ts'
import { openWorld } from '../../test/loop/ports.ts'

const SEEDS = Number(process.argv[2] ?? 3)
const { drawdownLimitR } = SIZER_ROLE_DEFAULTS
const file = join(import.meta.dirname, '../../node_modules/vega-datasets/data/sp500-2000.csv')
const world = await openWorld()
const market = await importSeries(
  { file, symbol: 'SPX', zone: undefined, map: undefined, barMs: undefined, calendar: undefined },
  world.state,
  world.ports,
)
const { table, schema } = rowsOf(market, world.ports)
const { series, calendar } = market
const data = buildDataset({ table, asOf: series.bars.at(-1)!.knownAt, barMs: series.barMs })
const sessionOf = (time: number): string => calendar.at(time).tradeDate
const tradesOf = (events: Int32Array): SizerTrades =>
  sizerTrades({ data, events, step: market.instrument.step, sessionOf, drawdownLimitR })
const columns = schema['rl_sizer']!

/** Sizes of the later trades by a sizer of the earlier ones. */
type Sizer = (fit: SizerTrades, later: SizerTrades, seed: number) => Float32Array

const exactGradient: Sizer = (fit, later, seed) =>
  fitSizerRole({ trades: fit, columns, options: SIZER_ROLE_DEFAULTS, rng: seededRng(seed).fork('rl_sizer') }).predict(
    later.inputs,
    later.r.length,
  )

/** What each session makes at size 1. */
function sessionsAtOne({ session, r }: SizerMarket): number[] {
  const sums = new Map<string, number>()
  for (const [place, name] of session.entries()) sums.set(name, (sums.get(name) ?? 0) + r[place]!)
  return [...sums.values()]
}

/** @param tailShare of the CVaR of size 1 on the same sessions that is the limit; absent: the 3 R of the defaults */
const ppo =
  (tailShare?: number): Sizer =>
  (fit, later, seed) => {
    const prelude = fitPrelude(fit.inputs, fit.r.length, columns, { logs: true })
    const scale = (rows: Float32Array, count: number): Float32Array => prelude.transform(rows, count)
    const all = sizerMarket({ table, trades: fit, sessionOf, scale, drawdownLimitR })
    const split = stopSplit({ inputs: fit.inputs, r: fit.r }, { validationShare: 0.2, gapShare: 0.02 })
    const training = marketPart(all, 0, split.fit)
    const cvar =
      tailShare === undefined ? PPO_DEFAULTS.cvar : { limit: -tailShare * worstMean(sessionsAtOne(training)) }
    const { sizer } = fitPpoSizer({
      training,
      validation: marketPart(all, split.validate, fit.r.length),
      rng: seededRng(seed).fork('cvar_ppo'),
      options: { cvar },
    })
    return sizer.predict(prelude.transform(later.inputs, later.r.length), later.r.length)
  }

const parts = [
  ...data.split.folds.map(({ train, validate }, fold) => ({ name: `fold ${fold + 1}`, fit: train, later: validate })),
  { name: 'holdout', fit: data.split.fit, later: data.split.holdout },
].map(({ name, fit, later }) => ({ name, fit: tradesOf(fit), later: tradesOf(later) }))

const print = (name: string, { sizer, constant, equalSize, meanSize, t, worth, trades }: SizerWorth): void => {
  const figure = (value: number): string => value.toFixed(3).padStart(7)
  console.log(
    `${name.padEnd(28)} ${String(trades).padStart(4)} trades  mean R ${figure(sizer.mean)} (1: ${figure(constant.mean)}, equal size ${figure(equalSize.mean)})` +
      `  CVaR ${figure(sizer.cvar)} (1: ${figure(constant.cvar)})  mean size ${figure(meanSize)}  t ${t?.toFixed(2) ?? 'n/a'}  ${worth ? 'worth it' : 'not worth it'}`,
  )
}

try {
  for (const [name, sizer] of [
    ['exact gradient', exactGradient],
    ['CVaR-PPO', ppo()],
    ['CVaR-PPO, tail of size 1', ppo(0.97)],
  ] as const) {
    for (let seed = 42; seed < 42 + SEEDS; seed++) {
      const sizes = parts.map(({ fit, later }) => sizer(fit, later, seed))
      const folds = parts.slice(0, -1)
      print(
        `${name}, seed ${seed}, folds`,
        sizerWorth({
          sizes: Float32Array.from(sizes.slice(0, -1).flatMap(each => [...each])),
          r: Float64Array.from(folds.flatMap(({ later }) => [...later.r])),
        }),
      )
      print(`${name}, seed ${seed}, holdout`, sizerWorth({ sizes: sizes.at(-1)!, r: parts.at(-1)!.later.r }))
    }
  }
} finally {
  await world.close()
}
