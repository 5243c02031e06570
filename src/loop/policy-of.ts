// The policy of a bot as its configuration says it (REL-14, REL-16).

import { unwrap } from '../base/fault.ts'
import type { KeyAlgorithm, TrustedKey } from '../release/keys.ts'
import { requiredAlgorithms, type VerifyPolicy, verifyPolicy } from '../release/policy.ts'
import type { Profile } from '../release/release.ts'
import type { Ports } from './ports.ts'

export type PolicyRequest = {
  readonly profile: Profile
  /** The configured one where absent. */
  readonly channel?: string | undefined
  readonly symbols: readonly string[]
  readonly keys: readonly TrustedKey[]
}

/** What a bot that holds public keys alone asks for: there is no MAC that it could check, and nobody whom it meets could forge. */
export const withoutMacs = (keys: readonly TrustedKey[]): readonly KeyAlgorithm[] | null =>
  keys.length > 0 && keys.every(({ alg }) => alg === 'ed25519') ? ['ed25519'] : null

/** Fault: `VERIFY_LOWERED`. What lowers a live bot's guard is logged each time. */
export function policyOf(
  { profile, channel, symbols, keys }: PolicyRequest,
  { settings, log }: Pick<Ports, 'settings' | 'log'>,
): VerifyPolicy {
  const { maxVersionStep, clockSkewMinutes, ...asked } = settings.release.verify
  const own = asked.required ?? (profile === 'paper' ? withoutMacs(keys) : null)
  const { required, warning } = unwrap(requiredAlgorithms({ profile, ...asked, required: own }))
  if (warning !== undefined) log.write('warn', 'release.verify.lowered', warning)
  return verifyPolicy({
    profile,
    channel: channel ?? settings.release.channel,
    symbols,
    keys,
    required,
    maxVersionStep,
    clockSkewMs: clockSkewMinutes * 60_000,
  })
}
