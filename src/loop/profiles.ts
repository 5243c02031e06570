// Accounts with rules of their own (RSK-17): a profile is a set of values that stands below everything else that is configured, so that
// `config show` names it as the source of each.

import type { ConfigPresets } from '../base/config.ts'

export const PROFILES: ConfigPresets = Object.freeze({
  key: 'tradingBot.profile',
  sets: {
    prop50k: {
      'backtest.initialCapital': 50_000,
      'tradingBot.maxDailyLossDollars': 1000,
      'tradingBot.maxDrawdownDollars': 2000,
      'tradingBot.drawdownMode': 'endOfDay',
      'tradingBot.profitTargetDollars': 3000,
      'tradingBot.maxMiniEquivalent': 5,
    },
  },
})
