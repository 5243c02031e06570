// Keys of settings files of earlier bots that are called something else here, or that nothing here has (CFG-03).

import type { EarlierKey } from '../base/config.ts'

const paper = (value: unknown): EarlierKey => (/^paper$/i.test(String(value)) ? null : undefined)

/** By the key in lower case. What would be another thing than was asked, such as live orders, stays an unknown key. */
const EARLIER: readonly (readonly [RegExp, (value: unknown) => EarlierKey])[] = [
  // By itself it never enables live orders.
  [/^tradingbot\.isproduction$/, value => (value === true ? { key: 'mode', value: 'production' } : null)],
  [/^tradingbot\.mode$/, paper],
  [/^tradingbot\.accountid$/, value => (value === 0 ? null : undefined)],
  [/^tradingbot\.dryrun$/, value => (value === true ? null : undefined)],
  // Releases come from folders and over HTTP here.
  [/^github\./, () => null],
  [/^cloudsync\.(workflows|branches)$/, () => null],
]

/**
 * @returns the key and value of ours; null where nothing here has it and that changes nothing; undefined where it is no earlier key
 * @example earlierKey('TradingBot.IsProduction', true) // { key: 'mode', value: 'production' }
 */
export function earlierKey(key: string, value: unknown): EarlierKey {
  const found = EARLIER.find(([pattern]) => pattern.test(key.toLowerCase()))
  return found?.[1](value)
}
