// What the loop measures of itself for metrics (OBS-01); it decides the same whether somebody looks or not.

import type { Meter } from '../base/meter.ts'

export type RunReading =
  /** One bar from its close to its decision, in a bar that decides. */
  | 'decisionSeconds'
  /** One answer of one model. */
  | 'predictionSeconds'
  /** From the first byte of the new pointer on this disk to the set that decides. */
  | 'swapSeconds'
  /** By how much a turn of the loop's thread came late. */
  | 'lagSeconds'
  /** One for each order that left. */
  | 'orderSent'
  | 'residentSets'
  /** Age of the newest signed word of the channel, on the clock of the run. */
  | 'channelSeconds'
  /** Dollars since the trading day began. */
  | 'dailyPnl'
  /** Share of the compared retrainings that helped. */
  | 'helpedRatio'

export type RunMeter = Meter<RunReading>
