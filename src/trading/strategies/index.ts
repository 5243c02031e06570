// The catalogue of general strategies, in the order of LABEL-02: the order of rows, ties and classes.

import type { GeneralStrategy } from '../strategy.ts'
import { breakout } from './breakout.ts'
import { emaCross } from './ema-cross.ts'
import { meanReversion } from './mean-reversion.ts'
import { momentum } from './momentum.ts'

export const GENERAL_STRATEGIES: readonly GeneralStrategy<unknown>[] = [emaCross, meanReversion, breakout, momentum]
