// Column 9: (bidSize - askSize) / (bidSize + askSize), time-weighted in the bar. Needs quotes.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

export const bidAskImbalance = unsourced(column('bid_ask_imbalance', [-1, 1], { mode: 'quotes', neutral: 0 }), 'quotes')
