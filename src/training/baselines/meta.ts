// What the classifier stands beside: the class shares of the past, the best single strategy, and the release in charge.

import { META_COLUMNS } from '../../market/roles.ts'
import { mean } from '../../math/statistics.ts'
import type { Dataset } from '../dataset.ts'
import { candidatesOf } from '../dataset.ts'
import { meanOf, type Statistics } from '../metrics/interval.ts'
import { metaStatistics } from '../metrics/meta.ts'
import { gatherRows } from '../rows.ts'
import type { Champion } from '../run.ts'

/** Says of every event what share each class had among the fit events. */
function majority(data: Dataset, events: Int32Array): Statistics {
  const shares = new Float32Array(data.classes.length)
  for (const event of data.split.fit) shares[data.events.label[event]!]! += 1 / data.split.fit.length
  const probabilities = new Float32Array(events.length * shares.length)
  for (const at of events.keys()) probabilities.set(shares, at * shares.length)
  return metaStatistics({ data, events, probabilities })
}

/** Always the strategy that earned most per candidate in the fit part. */
function bestStrategy(data: Dataset, events: Int32Array): Statistics {
  const { table } = data
  const fit = candidatesOf(data, data.split.fit).rows
  const earned = table.strategies.map((_, strategy) => {
    const own = Array.from(fit).filter(row => table.strategy[row] === strategy)
    return own.length === 0 ? -Infinity : mean(own.map(row => table.r[row]!))
  })
  const best = earned.indexOf(Math.max(...earned))
  const rows = Array.from(candidatesOf(data, events).rows).filter(row => table.strategy[row] === best)
  return {
    meanR: meanOf(rows.map(row => table.r[row]!)),
    firedMeanR: meanOf(rows.filter(row => table.fired[row] === 1).map(row => table.r[row]!)),
  }
}

/** The champion's probabilities under our classes: what it has no class for gets 0, what we have none for is left out. */
async function championStatistics(
  data: Dataset,
  events: Int32Array,
  champion: Champion,
): Promise<Statistics | undefined> {
  const rows = gatherRows(
    data.table,
    events.map(event => data.events.strongest[event]!),
    META_COLUMNS,
  )
  const said = await champion.answer('meta', rows, events.length)
  if (said === undefined) return undefined
  const width = data.classes.length
  const probabilities = new Float32Array(events.length * width)
  for (const at of events.keys()) {
    let total = 0
    for (const [place, name] of data.classes.entries()) {
      const from = champion.classes.indexOf(name)
      const chance = from < 0 ? 0 : said.values[at * said.outputs + from]!
      probabilities[at * width + place] = chance
      total += chance
    }
    if (total === 0) continue
    for (let place = 0; place < width; place++) probabilities[at * width + place]! /= total
  }
  return metaStatistics({ data, events, probabilities })
}

/** @param events the events that all are judged on */
export async function metaBaselines(
  data: Dataset,
  events: Int32Array,
  champion?: Champion,
): Promise<Record<string, Statistics>> {
  const last = champion === undefined ? undefined : await championStatistics(data, events, champion)
  return {
    majority: majority(data, events),
    bestStrategy: bestStrategy(data, events),
    ...(last === undefined ? {} : { lastModel: last }),
  }
}
