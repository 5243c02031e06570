// Column 10: sum w_i (b_i - a_i) / sum w_i (b_i + a_i) over 10 levels, w_i = 1/i, of the bar's last book. Needs depth.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

export const orderBookImbalance = unsourced(
  column('order_book_imbalance', [-1, 1], { mode: 'depth', neutral: 0, parameters: { levels: 10 } }),
  'depth',
)
