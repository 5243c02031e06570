// A person blocks a release, or lifts a block (SRV-72): what is blocked is never installed again, under no version that carries the
// same models, and nobody goes back to it.

import { accepted, type Outcome, refused, unwrap } from '../base/fault.ts'
import { readManifest } from '../release/manifest.ts'
import { eventOf, type Installation } from './installation.ts'
import { modelsDigest } from './model-set.ts'
import type { Registry, ReleaseRow, ReleaseState } from './registry.ts'
import { writing } from './writing.ts'

/** Code of a block that a person set. */
export const BY_HAND = 'BLOCKED_BY_HAND'

export type BlockRequest = {
  readonly release: Pick<ReleaseRow, 'digest' | 'label' | 'state'>
  readonly reason: string
}

/** Digest of the manifest, and of the models in it: a release that was signed again is the same poison. */
async function digestsOf(digest: string, registry: Pick<Registry, 'documents'>): Promise<readonly string[]> {
  const texts = await registry.documents(digest)
  if (texts === undefined) return [digest]
  return [digest, modelsDigest(unwrap(readManifest(new TextEncoder().encode(texts.manifest))))]
}

/** Refusals: `RELEASE_IN_CHARGE`, `ALREADY_BLOCKED`, those of the lock. */
export function blockRelease({ release, reason }: BlockRequest, installation: Installation): Promise<Outcome<void>> {
  return writing('block', installation, async () => {
    const { slot, registry, clock, log } = installation
    const { digest, label, state } = release
    if (slot.current()?.digest === digest) {
      return refused('RELEASE_IN_CHARGE', `release ${label} is in charge`, {
        fix: 'take it back first, which blocks it too: ratchet models rollback --reason TEXT',
      })
    }
    const known = await registry.blockOf(digest)
    if (known?.code === BY_HAND) return refused('ALREADY_BLOCKED', `release ${label} is blocked: ${known.reason}`)
    // A gate's no or a rollback yields to a person's: it is lifted by nobody but a person.
    for (const one of await digestsOf(digest, registry)) {
      if (known !== undefined) await registry.unblock(one)
      await registry.block({ digest: one, at: clock.now(), code: BY_HAND, reason })
    }
    if (slot.previous()?.digest === digest) slot.dropPrevious()
    const change = { event: 'blocked', from: null, to: digest, cause: reason } as const
    await registry.append(eventOf(installation, change), statesAfter(digest, state === 'previous', 'retired'))
    log.write('warn', 'model.blocked', `Release ${label} is blocked: ${reason}`)
    return accepted(undefined)
  })
}

/** Refusals: `NOT_BLOCKED`, those of the lock. */
export function unblockRelease({ release, reason }: BlockRequest, installation: Installation): Promise<Outcome<void>> {
  return writing('unblock', installation, async () => {
    const { registry, log } = installation
    const { digest, label, state } = release
    if ((await registry.blockOf(digest)) === undefined) return refused('NOT_BLOCKED', `release ${label} is not blocked`)
    // The history first: a block that is gone without a line of who lifted it must not be.
    const change = { event: 'unblocked', from: null, to: digest, cause: reason } as const
    await registry.append(eventOf(installation, change), statesAfter(digest, state === 'quarantined', 'retired'))
    for (const one of await digestsOf(digest, registry)) await registry.unblock(one)
    log.write('warn', 'model.unblocked', `Release ${label} may be installed again: ${reason}`)
    return accepted(undefined)
  })
}

const statesAfter = (digest: string, changes: boolean, state: ReleaseState): ReadonlyMap<string, ReleaseState> =>
  new Map(changes ? [[digest, state]] : [])
