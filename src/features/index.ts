// The catalogue of features, in the order of FEAT-02. A new feature is its file, its test and one line here.

import { atr } from './atr.ts'
import { avgRMultiple } from './avg-r-multiple.ts'
import { bidAskImbalance } from './bid-ask-imbalance.ts'
import { drawdownRisk } from './drawdown-risk.ts'
import { ema20 } from './ema20.ts'
import { ema50 } from './ema50.ts'
import type { Feature } from './feature.ts'
import { liquidityRisk } from './liquidity-risk.ts'
import { newsImpact } from './news-impact.ts'
import { orderBookImbalance } from './order-book-imbalance.ts'
import { price } from './price.ts'
import { priorWinRate } from './prior-win-rate.ts'
import { rsi } from './rsi.ts'
import { signalStrength } from './signal-strength.ts'
import { spread } from './spread.ts'
import { tickDirection } from './tick-direction.ts'
import { volatility } from './volatility.ts'
import { volume } from './volume.ts'

export const FEATURES: readonly Feature<unknown>[] = [
  price,
  atr,
  rsi,
  ema20,
  ema50,
  volume,
  spread,
  volatility,
  bidAskImbalance,
  orderBookImbalance,
  tickDirection,
  signalStrength,
  priorWinRate,
  avgRMultiple,
  drawdownRisk,
  newsImpact,
  liquidityRisk,
]
