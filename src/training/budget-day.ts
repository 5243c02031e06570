// CPU time that trainings have taken, by day of UTC and by pipeline: what the budget is held against (SCHED-04).

import { DAY_MS } from '../market/bar.ts'

/** Plain data that survives JSON. */
export type BudgetDay = {
  /** Days since 1970. */
  readonly day: number
  readonly spentMs: number
  /** Pipeline -> what its last training took. */
  readonly last: Readonly<Record<string, number>>
}

export const budgetStart: BudgetDay = { day: 0, spentMs: 0, last: {} }

const dayOf = (nowMs: number): number => Math.floor(nowMs / DAY_MS)

/** @example spentToday(budgetStart, Date.UTC(2026, 0, 15)) // 0 */
export function spentToday({ day, spentMs }: BudgetDay, nowMs: number): number {
  return day === dayOf(nowMs) ? spentMs : 0
}

/** A training that has ended, well or not: what it took is gone. */
export function spend(budget: BudgetDay, pipeline: string, cpuMs: number, nowMs: number): BudgetDay {
  return {
    day: dayOf(nowMs),
    spentMs: spentToday(budget, nowMs) + cpuMs,
    last: { ...budget.last, [pipeline]: cpuMs },
  }
}
