// What a signed manifest must satisfy before it concerns this bot now: each rule with its own code (REL-16).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { HighWater } from './high-water.ts'
import type { TrustedKey } from './keys.ts'
import type { Check, VerifyPolicy } from './policy.ts'
import type { ReleaseManifest, ReleasePointer } from './release.ts'
import { utcMs } from './utc.ts'

export type FreshnessSubject = {
  readonly manifest: ReleaseManifest
  readonly manifestSha256: string
  readonly signedBy: readonly TrustedKey[]
}

export type FreshnessContext = {
  readonly policy: VerifyPolicy
  /** Undefined: nothing was ever verified here. */
  readonly memory: HighWater | undefined
  readonly nowMs: number
}

/** Undefined is a pass; text is a pass worth a warning. */
type Verdict = Outcome<string | undefined>
type Rule = (subject: FreshnessSubject, context: FreshnessContext) => Verdict

const PASS: Verdict = accepted(undefined)
const PLACE = 'manifest.json'
const refuse = (code: string, sentence: string, fix?: string): Verdict =>
  refused(code, sentence, fix === undefined ? { place: PLACE } : { place: PLACE, fix })

/** Whether a signed audience is this bot; used for pointers too. */
export function audienceFits(
  { channel, audience }: Pick<ReleaseManifest | ReleasePointer, 'channel' | 'audience'>,
  policy: VerifyPolicy,
): string | undefined {
  if (channel !== policy.channel) return `is for channel ${channel}, this bot follows ${policy.channel}`
  if (audience.profile !== policy.profile) return `is for profile ${audience.profile}, this bot is ${policy.profile}`
  const symbol = policy.symbols.find(wanted => !audience.symbols.includes(wanted))
  if (symbol !== undefined) return `does not cover ${symbol}`
  if (audience.accounts === undefined) return undefined
  const named = policy.account !== undefined && audience.accounts.includes(policy.account)
  return named ? undefined : 'is for other accounts'
}

const audience: Rule = ({ manifest }, { policy }) => {
  const objection = audienceFits(manifest, policy)
  return objection === undefined ? PASS : refuse('AUDIENCE', `the release ${objection}`)
}

/** Nothing of this epoch was seen here: a new epoch counts its own versions, and so does an accepted beginning. */
const beginsCount = ({ manifest }: FreshnessSubject, memory: HighWater | undefined): boolean =>
  memory !== undefined && (manifest.epoch > memory.epoch || memory.version === 0)

const epoch: Rule = (subject, { memory }) => {
  if (memory === undefined) return PASS
  const found = subject.manifest.epoch
  if (found < memory.epoch) return refuse('EPOCH', `epoch ${found} is over, this bot is in ${memory.epoch}`)
  if (found === memory.epoch || subject.signedBy.some(key => key.use === 'root')) return PASS
  return refuse('EPOCH', `epoch ${found} is new and not signed by the root key`, 'sign it with the offline root key')
}

// A new epoch starts its own count of versions: it is how a channel recovers from a forged high version.
const version: Rule = (subject, { memory, policy }) => {
  if (memory === undefined || beginsCount(subject, memory)) return PASS
  const step = subject.manifest.version - memory.version
  if (step < 0) {
    return refuse('ROLLBACK', `version ${subject.manifest.version} is older than ${memory.version}, seen before`)
  }
  if (step === 0 && subject.manifestSha256 !== memory.manifestSha256) {
    return refuse(
      'EQUIVOCATION',
      `version ${memory.version} exists twice: ${memory.manifestSha256} was seen, ${subject.manifestSha256} came`,
      'keep both files and ask the publisher; one of them is not theirs',
    )
  }
  if (step > policy.maxVersionStep) return refuse('FAST_FORWARD', `version leaps by ${step} in one step`)
  return PASS
}

const chain: Rule = (subject, { memory }) => {
  if (memory === undefined || beginsCount(subject, memory)) return PASS
  if (subject.manifest.version !== memory.version + 1) return PASS
  if (subject.manifest.prevManifestSha256 === memory.manifestSha256) return PASS
  return refuse('FORK', 'the release follows another one than the last that was accepted here')
}

const future: Rule = ({ manifest }, { nowMs, policy }) => {
  if (utcMs(manifest.issuedAt)! <= nowMs + policy.clockSkewMs) return PASS
  return refuse(
    'MANIFEST_FUTURE',
    `issued at ${manifest.issuedAt}, later than now`,
    'check the clocks of both machines',
  )
}

const expiry: Rule = ({ manifest }, { memory, nowMs }) => {
  // A clock that was turned back makes nothing valid again (REL-18).
  if (utcMs(manifest.expiresAt)! > Math.max(nowMs, memory?.maxSignedTime ?? 0)) return PASS
  return refuse('EXPIRED', `expired at ${manifest.expiresAt}`, 'publish a new release')
}

const clock: Rule = (_, { memory, nowMs, policy }) => {
  const latest = memory?.maxSignedTime ?? 0
  if (latest <= nowMs + policy.clockSkewMs) return PASS
  return accepted(`the clock is behind ${new Date(latest).toISOString()}, the latest signed time that was seen`)
}

const provenance: Rule = ({ manifest }, { policy }) => {
  if (manifest.provenance === 'real') return PASS
  if (policy.profile === 'live') return refuse('PROVENANCE', 'made from simulated data; live accepts none')
  return accepted('made from simulated data')
}

const gates: Rule = ({ manifest }, { policy }) => {
  const { verdict, driftScore, ciBacktest } = manifest.gates
  if (verdict !== 'pass') return refuse('GATES_FAILED', 'the release failed its own gates')
  if (policy.requireBacktest && ciBacktest !== 'pass')
    return refuse('GATES_BACKTEST', `its backtest says ${ciBacktest}`)
  if (driftScore <= policy.maxDriftScore) return PASS
  const sentence = `drift score ${driftScore} is above ${policy.maxDriftScore}`
  // Paper shows the quality floor instead of enforcing it (SRV-24).
  return policy.profile === 'live' ? refuse('GATES_DRIFT', sentence) : accepted(sentence)
}

const RULES: Readonly<Record<string, Rule>> = {
  audience,
  epoch,
  version,
  chain,
  future,
  expiry,
  clock,
  provenance,
  gates,
}

export type Freshness = { readonly outcome: Outcome<void>; readonly checks: readonly Check[] }

/** All rules in order until one refuses. */
export function checkFreshness(subject: FreshnessSubject, context: FreshnessContext): Freshness {
  const checks: Check[] = []
  for (const [name, rule] of Object.entries(RULES)) {
    const verdict = rule(subject, context)
    if (!verdict.ok) {
      checks.push({ name, place: PLACE, result: 'fail', note: verdict.fault.message })
      return { outcome: verdict, checks }
    }
    const warning = verdict.value
    checks.push({ name, place: PLACE, result: warning === undefined ? 'pass' : 'warn', note: warning })
  }
  return { outcome: accepted(undefined), checks }
}
