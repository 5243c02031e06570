// Keeps a model from being trained on a column that looks ahead (FEAT-06): before the first training on a series the newest of its bars are
// followed by noise, and every row has to stay what it was.

import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import { candidateBook } from '../trading/candidates.ts'
import { lintLeaks, type Observe } from '../trading/leak-lint.ts'
import { nameObserved, observeCandidates } from '../trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { Market } from './import-series.ts'

/** A row needs 200 bars before it; as many more show a leak of up to that many bars. */
const LOOKED_AT = 420
const WARM = 210
const CUTS = 5

export interface LeakGuard {
  /** Fault: `FEATURE_LEAK`. Undefined: nothing looks ahead, or there are too few bars for rows. */
  faultOf(market: Market, schema: FeatureSchema, asOf: number): Fault | undefined
}

function rolesThatRead(schema: FeatureSchema, column: string | undefined): string[] {
  const roles = Object.keys(schema)
  return column === undefined ? roles : roles.filter(role => schema[role]!.some(({ name }) => name === column))
}

function look(
  { series, instrument, calendar, held, news }: Market,
  schema: FeatureSchema,
  asOf: number,
  observe?: Observe,
) {
  const { barMs, hasVolume, symbol } = series
  // What was traded lies on the instrument's grid; a series put together of contracts does not.
  const all = held?.map(({ real }) => real) ?? series.bars
  const bars = all.slice(0, all.findLastIndex(({ knownAt }) => knownAt <= asOf) + 1).slice(-LOOKED_AT)
  if (bars.length < LOOKED_AT) return undefined
  const context = { instrument, calendar, barMs, hasVolume }
  const makeBook = () => candidateBook({ ...context, strategies: GENERAL_STRATEGIES, news: news?.table })
  const options = { rng: seededRng(symbol).fork('leak guard'), samples: CUTS, from: WARM, step: instrument.step }
  const { leaks } = lintLeaks(observe ?? observeCandidates(makeBook), bars, options)
  const [first] = leaks
  if (first === undefined) return undefined
  const book = makeBook()
  const rowCounts = bars.map(bar => book.update(bar).rowCount)
  const place = nameObserved(first.column, rowCounts[first.bar]!)
  const roles = rolesThatRead(schema, /^feature (\S+)/.exec(place)?.[1])
  if (roles.length === 0) return undefined
  return new Fault('FEATURE_LEAK', `${place} looks ahead: ${roles.join(', ')} would learn from it and is not trained`, {
    place: symbol,
    fix: 'find out how: ratchet data leak --bars FILE --symbol S',
  })
}

/**
 * Looks once at each series: what columns are made by does not change while a program runs.
 *
 * @param observe something else than the candidate book to look at
 * @example leakGuard().faultOf(market, book.schema, asOf) // undefined
 */
export function leakGuard(observe?: Observe): LeakGuard {
  const looked = new Map<string, Fault | undefined>()
  return {
    faultOf(market, schema, asOf) {
      const { snapshotId } = market.series
      if (!looked.has(snapshotId)) looked.set(snapshotId, look(market, schema, asOf, observe))
      return looked.get(snapshotId)
    },
  }
}
