// New bars of a series that is stored already: at equal times the later received stand, everything else stays (DATA-05, DATA-06).

import type { Bar } from '../market/bar.ts'
import type { MonthBars, Partition } from './store.ts'

const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const

type Merged = { readonly bars: readonly Bar[]; readonly added: number; readonly corrected: number }

/** Both rise in time. */
export function mergeBars(before: readonly Bar[], received: readonly Bar[]): Merged {
  const bars: Bar[] = []
  let added = 0
  let corrected = 0
  let next = 0
  for (const bar of received) {
    while (next < before.length && before[next]!.time < bar.time) bars.push(before[next++]!)
    const earlier = before[next]
    if (earlier?.time === bar.time) {
      if (VALUES.some(name => bar[name] !== earlier[name])) corrected++
      next++
    } else added++
    bars.push(bar)
  }
  while (next < before.length) bars.push(before[next++]!)
  return { bars, added, corrected }
}

export type MergeOptions = {
  /** Stored months, in their order. */
  readonly before: readonly Partition[]
  readonly load: (partition: Partition) => Promise<readonly Bar[]>
  /** In the order of time. */
  readonly received: AsyncIterable<MonthBars>
  /** Told every bar of the whole, in the order of time. */
  readonly onBars: (bars: readonly Bar[]) => void
}

/** Month by month: those in which nothing changed stand as they are stored. `counts` are whole when all months have gone by. */
export function mergeMonths({ before, load, received, onBars }: MergeOptions) {
  const counts = { added: 0, corrected: 0 }
  async function* months(): AsyncGenerator<MonthBars | Partition> {
    let next = 0
    const untouched = async (partition: Partition): Promise<Partition> => {
      onBars(await load(partition))
      return partition
    }
    for await (const { month, bars } of received) {
      while (next < before.length && before[next]!.month < month) yield await untouched(before[next++]!)
      const stored = before[next]?.month === month ? before[next++] : undefined
      const whole = mergeBars(stored === undefined ? [] : await load(stored), bars)
      counts.added += whole.added
      counts.corrected += whole.corrected
      onBars(whole.bars)
      yield stored !== undefined && whole.added + whole.corrected === 0 ? stored : { month, bars: whole.bars }
    }
    while (next < before.length) yield await untouched(before[next++]!)
  }
  return { months: months(), counts }
}
