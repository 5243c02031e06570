// Column 6: volume of the bar.

import { column } from './column.ts'
import type { Feature } from './feature.ts'

export const volume: Feature<null> = {
  column: column('volume', [0, 1e12]),
  needs: ['volume'],
  warmup: 1,
  init: () => null,
  update: (_, bar) => bar.volume,
}
