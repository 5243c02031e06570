// Options of `ratchet up` that make no sense together, or not alone.

import { Fault } from '../base/fault.ts'

/** What was given, by the name of the option. */
export type Given = Readonly<Record<string, unknown>>

const STAYS = 'by the clock the loop stays; for one turn use ratchet train and ratchet sync'

/** Two that say different things, and why where that is not plain. */
const AGAINST: readonly (readonly [one: string, other: string, why?: string])[] = [
  ['demo', 'bars'],
  ['demo', 'symbol'],
  ['demo', 'clock'],
  ['smoke', 'bars'],
  ['smoke', 'symbol'],
  ['smoke', 'clock'],
  ['smoke', 'headless', 'the page is part of what is tried'],
  ['smoke', 'once'],
  ['open', 'headless', 'there is no page to show'],
  ['once', 'clock', STAYS],
  ['once', 'untilEnd'],
]

/** One that is nothing without another. */
const NEEDS: readonly (readonly [option: string, others: readonly string[], fix: string])[] = [
  ['source', ['clock'], 'add --clock'],
  ['symbol', ['bars', 'clock'], 'name the file with --bars FILE'],
]

const flag = (name: string): string => `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** Fault: `USAGE`. @example refuseOddUp({ demo: true, bars: 'a.csv' }) */
export function refuseOddUp(given: Given): void {
  const has = (name: string): boolean => given[name] !== undefined
  for (const [one, other, why] of AGAINST) {
    if (!has(one) || !has(other)) continue
    const sentence = `${flag(one)} and ${flag(other)} ${why === undefined ? 'say different things' : `do not go together: ${why}`}`
    throw new Fault('USAGE', sentence, { place: flag(other), fix: 'leave one of them out' })
  }
  for (const [option, others, fix] of NEEDS) {
    if (!has(option) || others.some(has)) continue
    throw new Fault('USAGE', `${flag(option)} was given without ${flag(others[0]!)}`, { place: flag(option), fix })
  }
}
