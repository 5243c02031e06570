// Column 12: the strategy's own score, 0 to 1 (LABEL-02). Known to the candidate book.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

export const signalStrength = unsourced(column('signal_strength', [0, 1], { neutral: 0 }), 'candidate')
