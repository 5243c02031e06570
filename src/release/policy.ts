// What this bot accepts, decided here and never read from a message (REL-14, REL-16, SRV-24).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { KeyAlgorithm, TrustedKey } from './keys.ts'
import type { Profile } from './release.ts'

export type VerifyPolicy = {
  readonly profile: Profile
  readonly channel: string
  /** The instruments this bot trades: each must be in the release's audience. Empty checks none. */
  readonly symbols: readonly string[]
  readonly account?: string | undefined
  readonly keys: readonly TrustedKey[]
  /** Algorithms of which a valid signature must be present. */
  readonly required: readonly KeyAlgorithm[]
  /** Largest step between two versions (`FAST_FORWARD`). */
  readonly maxVersionStep: number
  readonly clockSkewMs: number
  /** Above it a live bot refuses and a paper bot warns. */
  readonly maxDriftScore: number
  /** Whether `gates.ciBacktest` must be `pass`. */
  readonly requireBacktest: boolean
  /** Whether a pointer must be there; one that is there is always checked. */
  readonly requirePointer: boolean
}

export type VerifyPolicyOptions = Pick<VerifyPolicy, 'profile' | 'channel' | 'symbols' | 'keys'> &
  Partial<Omit<VerifyPolicy, 'profile' | 'channel' | 'symbols' | 'keys'>>

/**
 * The policy of a profile with its defaults: paper wants an HMAC, live wants HMAC and Ed25519 and a green backtest.
 *
 * @example verifyPolicy({ profile: 'live', channel: 'stable', symbols: ['ES'], keys: [] }).required // ['hmac', 'ed25519']
 */
export function verifyPolicy(options: VerifyPolicyOptions): VerifyPolicy {
  const live = options.profile === 'live'
  return Object.freeze({
    required: byProfile(options.profile),
    maxVersionStep: 10_000,
    clockSkewMs: 5 * 60_000,
    maxDriftScore: 0.15,
    requireBacktest: live,
    requirePointer: false,
    ...options,
  })
}

const byProfile = (profile: Profile): readonly KeyAlgorithm[] => (profile === 'live' ? ['hmac', 'ed25519'] : ['hmac'])

export type RequiredOptions = {
  readonly profile: Profile
  /** What the configuration asks for; null goes by the profile. */
  readonly required: readonly KeyAlgorithm[] | null
  /** The operator knows that whoever holds a shared MAC key can forge with it. */
  readonly acknowledgeSharedKey: boolean
}

export type Required = {
  readonly required: readonly KeyAlgorithm[]
  /** To be logged at each start and shown in red: live believes less than it should. */
  readonly warning?: string | undefined
}

/**
 * Which algorithms must be there (REL-14). Asking live for fewer than HMAC and Ed25519 is `VERIFY_LOWERED`, unless it is
 * acknowledged.
 *
 * @example requiredAlgorithms({ profile: 'paper', required: null, acknowledgeSharedKey: false }) // hmac
 */
export function requiredAlgorithms({ profile, required, acknowledgeSharedKey }: RequiredOptions): Outcome<Required> {
  const usual = byProfile(profile)
  const asked = required ?? usual
  const lacking = usual.filter(alg => !asked.includes(alg))
  if (profile !== 'live' || lacking.length === 0) return accepted({ required: asked })
  const sentence = `live asks for ${asked.join(' and ')} only, without ${lacking.join(' and ')}`
  if (acknowledgeSharedKey) return accepted({ required: asked, warning: sentence })
  return refused('VERIFY_LOWERED', sentence, {
    place: 'release.verify.required',
    fix: 'leave it out; or set release.verify.acknowledgeSharedKey=true, if every bot may forge for every other',
  })
}

export type CheckResult = 'pass' | 'warn' | 'fail' | 'notApplicable'

/** One line of what `ratchet verify` prints. */
export type Check = {
  readonly name: string
  /** The file it is about. */
  readonly place: string
  readonly result: CheckResult
  readonly note?: string | undefined
}
