// What a pulled kill switch stops (RSK-13).

/** Enter nothing; cancel working entries; close what is open; let no other models take charge; publish nothing. */
export const KILL_SCOPES = ['entries', 'cancel', 'flatten', 'models', 'publish'] as const
export type KillScope = (typeof KILL_SCOPES)[number]

/** What is stopped where nobody says what. */
export const TRADING_SCOPES: readonly KillScope[] = ['entries', 'cancel', 'flatten']

export type Pulled = { readonly reason: string; readonly scopes: readonly KillScope[] }

/** Whoever is to cancel or to flatten is not to enter either. */
export const stopsTrading = ({ scopes }: Pulled): boolean => scopes.some(scope => TRADING_SCOPES.includes(scope))

/**
 * The scopes of a list by commas or blanks. Empty, and with it a name that is none: all that trades, beside what is named.
 *
 * @example scopesIn('models, publish') // ['models', 'publish']
 */
export function scopesIn(text: string): readonly KillScope[] {
  const names = text.split(/[\s,]+/).filter(name => name !== '')
  const known = KILL_SCOPES.filter(scope => names.includes(scope))
  const all = new Set(known.length < new Set(names).size || names.length === 0 ? [...TRADING_SCOPES, ...known] : known)
  return KILL_SCOPES.filter(scope => all.has(scope))
}
