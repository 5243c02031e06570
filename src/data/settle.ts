// Rows of a spill as they will stand: sorted, one a time, without spikes; month by month (DATA-06).

import { findSpikes, QUALITY_LIMITS } from './quality.ts'
import type { Row, RowSpill } from './row-spill.ts'

export type SettledMonth = {
  readonly month: string
  readonly rows: readonly Row[]
  /** Rows equal to an earlier one of the same time, and rows that contradict one: the later received stands. */
  readonly duplicates: number
  readonly conflicts: number
}

const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const

const rising = (rows: readonly Row[]): boolean => rows.every((row, i) => i === 0 || row.time >= rows[i - 1]!.time)

function settle(rows: readonly Row[]): Omit<SettledMonth, 'month'> {
  let duplicates = 0
  let conflicts = 0
  const settled: Row[] = []
  // Of equal times the order of arrival stays.
  for (const row of rising(rows) ? rows : rows.toSorted((a, b) => a.time - b.time)) {
    const earlier = settled.at(-1)
    if (earlier?.time === row.time) {
      if (VALUES.every(name => earlier[name] === row[name])) duplicates++
      else conflicts++
      settled.pop()
    }
    settled.push(row)
  }
  return { rows: settled, duplicates, conflicts }
}

export async function* settledMonths(spill: RowSpill): AsyncGenerator<SettledMonth> {
  for (const month of spill.months()) yield { month, ...settle(await spill.rows(month)) }
}

export type CheckedMonth = Omit<SettledMonth, 'rows'> & {
  readonly kept: readonly Row[]
  /** Price spikes that the next row takes back. */
  readonly held: readonly Row[]
}

/** Returns of so many rows tell whether the next one is a spike, and each needs the row before it. */
const CONTEXT = QUALITY_LIMITS.spikeWindow + 1

function withoutSpikes(before: readonly Row[], { rows, ...month }: SettledMonth, next: Row | undefined): CheckedMonth {
  const all = [...before, ...rows, ...(next === undefined ? [] : [next])]
  const spikes = new Set(findSpikes(all).map(index => index - before.length))
  return { ...month, kept: rows.filter((_, i) => !spikes.has(i)), held: rows.filter((_, i) => spikes.has(i)) }
}

/** The same months with their spikes found as in one piece: what came before a month and the row after it are looked at too. */
export async function* checkedMonths(spill: RowSpill): AsyncGenerator<CheckedMonth> {
  let before: readonly Row[] = []
  let current: SettledMonth | undefined
  for await (const next of settledMonths(spill)) {
    if (current !== undefined) {
      yield withoutSpikes(before, current, next.rows[0])
      before = [...before, ...current.rows].slice(-CONTEXT)
    }
    current = next
  }
  if (current !== undefined) yield withoutSpikes(before, current, undefined)
}
