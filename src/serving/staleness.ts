// How old the set in charge may get (SRV-24, SRV-90): first it is told of, then nothing new is entered; what is open is managed and leaves as
// planned. The age counts from the end of the data that it learnt from and was judged by.

export type StaleLimits = {
  /** All in one unit, rising. */
  readonly warn: number
  readonly reduceOnly: number
  readonly halt: number
}

export type Staleness = 'fresh' | 'warn' | 'reduceOnly' | 'halt'

/**
 * In bars: an accelerated replay counts in trainings what is hours elsewhere.
 *
 * @param everyBars from one training to the next
 */
export const staleInBars = (everyBars: number): StaleLimits => ({
  warn: 2 * everyBars,
  reduceOnly: 6 * everyBars,
  halt: 10 * everyBars,
})

/** @example stalenessOf(61, staleInBars(10)) // 'reduceOnly' */
export function stalenessOf(age: number, { warn, reduceOnly, halt }: StaleLimits): Staleness {
  if (age >= halt) return 'halt'
  if (age >= reduceOnly) return 'reduceOnly'
  return age >= warn ? 'warn' : 'fresh'
}
