// The risk rules in the order they are asked. A new rule is one file, one test and one line here.

import { active } from './active.ts'
import { cooldown } from './cooldown.ts'
import { correlation } from './correlation.ts'
import { drawdown } from './drawdown.ts'
import { knownPosition } from './known-position.ts'
import { loss } from './loss.ts'
import { marketData } from './market-data.ts'
import { marketOpen } from './market-open.ts'
import { orderRate } from './order-rate.ts'
import { positionCaps } from './position-caps.ts'
import type { RiskRule } from './rule.ts'
import { tradeQuality } from './trade-quality.ts'

export const RISK_RULES: readonly RiskRule[] = [
  active,
  marketOpen,
  loss,
  drawdown,
  tradeQuality,
  positionCaps,
  cooldown,
  correlation,
  marketData,
  orderRate,
  knownPosition,
]
