// What the loop measures of itself, as it tells it in batches.

import type { Counter } from 'prom-client'
import type { ReadingListener } from '../base/meter.ts'
import { REPLAY_SLOT } from '../loop/model-catalogue.ts'
import type { RunReading } from '../loop/run-reading.ts'
import { MODEL } from './event-metrics.ts'
import type { Instruments } from './instruments.ts'

/** 10 µs to 5 s by a factor of about 3 (OBS-01). */
const WORK_SECONDS = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 5]
const LAG_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

/** Only replays decide bar by bar in this process. */
const SLOT = { slot: REPLAY_SLOT }

export function loopMetrics({ gauge, histogram }: Instruments, orders: Counter): ReadingListener<RunReading> {
  const decisions = histogram('decision_duration_seconds', 'from the close of a bar to its decision', WORK_SECONDS)
  const predictions = histogram('model_prediction_duration_seconds', 'an answer of a model', WORK_SECONDS, 'slot')
  const swaps = histogram('swap_duration_seconds', 'from the new pointer on disk to the set in charge', WORK_SECONDS)
  const lag = histogram('event_loop_lag_seconds', 'by how much turns of the loop came late', LAG_SECONDS)
  const resident = gauge('resident_sets', 'model sets in memory')
  const channel = gauge(
    'channel_freshness_seconds',
    'age of the newest signed word of the channel, on the clock of the run',
  )
  const dailyPnl = gauge('daily_pnl', 'dollars since the trading day began')
  const helped = gauge('model_training_helped_ratio', 'share of the compared retrainings that helped', 'model_id')
  // What nobody has told yet is not 0.
  for (const unknown of [resident, channel, dailyPnl]) unknown.remove()

  const show: { [N in RunReading]: (value: number) => void } = {
    decisionSeconds: value => decisions.observe(value),
    predictionSeconds: value => predictions.observe(SLOT, value),
    swapSeconds: value => swaps.observe(value),
    lagSeconds: value => lag.observe(value),
    orderSent: value => orders.inc({ status: 'sent' }, value),
    residentSets: value => resident.set(value),
    channelSeconds: value => channel.set(value),
    dailyPnl: value => dailyPnl.set(value),
    helpedRatio: value => helped.set({ model_id: MODEL }, value),
  }
  return readings => {
    for (const [name, values] of Object.entries(readings) as [RunReading, readonly number[]][]) {
      for (const value of values) show[name](value)
    }
  }
}
