// Checks what a release source publishes now, as anyone may who holds a key; nothing is installed or remembered.

import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { candidateReader } from '../release/fetch.ts'
import type { KeyAlgorithm, TrustedKey } from '../release/keys.ts'
import { verifyPolicy } from '../release/policy.ts'
import { type Verification, verifyRelease } from '../release/verify.ts'
import type { Ports } from './ports.ts'

export type SourceCheckRequest = {
  readonly place: string
  readonly keys: readonly TrustedKey[]
  /** Algorithms of which a signature must be there; a MAC where absent. */
  readonly required?: readonly KeyAlgorithm[] | undefined
  /** The release must be for this channel. */
  readonly channel: string
  /** As of when: expiry goes by it. */
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Faults: those of the source, which could not be read; what is wrong with a release that was read is in the result.
 *
 * @example (await verifySource({ place: 'https://cdn.example.com', keys, channel: 'stable', clock, signal }, ports)).ok
 */
export async function verifySource(
  { place, keys, required, channel, clock, signal }: SourceCheckRequest,
  { source: open }: Pick<Ports, 'source'>,
): Promise<Verification> {
  const source = open(place)
  const found = await source.discover(undefined, signal)
  const [candidate] = found.kind === 'found' ? found.candidates : []
  if (candidate === undefined) throw new Fault('SOURCE_EMPTY', 'offers no release', { place: source.describe().place })
  const policy = verifyPolicy({ profile: 'paper', channel, symbols: [], keys, ...(required && { required }) })
  const reader = await candidateReader(source, candidate, policy, clock, signal)
  if (!reader.ok) return { ...reader, checks: [] }
  return verifyRelease(reader.value, policy, undefined, clock)
}
