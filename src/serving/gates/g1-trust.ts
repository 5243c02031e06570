// G1: the release is meant for this bot. Signature, freshness and digests were checked before anything could become a VerifiedRelease.

import { modelRole } from '../../release/limits.ts'
import type { Gate, GateContext } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail } = verdictsOf('G1')

const sorted = (names: Iterable<string>): string => [...names].sort().join(', ')

function objection({ release: { manifest }, profile, symbol, limits }: GateContext): string | undefined {
  // SRV-24: what paper rules let through never reaches a live account.
  if (profile === 'live' && manifest.audience.profile !== 'live') return 'a paper release, and this bot is live'
  if (profile === 'live' && manifest.provenance !== 'real') return 'made from simulated data, and this bot is live'
  if (!manifest.audience.symbols.includes(symbol)) return `not for ${symbol} but ${sorted(manifest.audience.symbols)}`
  if (manifest.gates.verdict !== 'pass') return 'its publisher says it failed its own gates'
  const roles = sorted(manifest.members.flatMap(({ name }) => modelRole(name) ?? []))
  if (roles !== sorted(limits.roles)) return `has the roles ${roles}, not ${sorted(limits.roles)}`
  if (sorted(Object.keys(manifest.graphSignatures)) !== roles) return 'graph signatures and models name other roles'
  return undefined
}

export const trust: Gate = {
  name: 'G1',
  asks: 'signed, for this bot, with every role',
  check(context) {
    const wrong = objection(context)
    return wrong === undefined ? pass('verified', 'verified') : fail('refused', 'verified', wrong)
  },
}
