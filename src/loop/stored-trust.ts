// What of the releases in the store may still decide: nothing that a revoked key alone signed, nothing of an epoch that is over (REL-26).

import type { Outcome } from '../base/fault.ts'
import { highWaterFile } from '../release/high-water.ts'
import { everTrusted } from '../release/keyring.ts'
import type { TrustedKey } from '../release/keys.ts'
import type { ReleaseManifest } from '../release/release.ts'
import { notRevoked } from '../release/revocation.ts'
import { statePaths } from '../serving/paths.ts'
import type { Trust } from '../serving/reopen.ts'
import { withoutMacs } from './policy-of.ts'
import type { Ports } from './ports.ts'
import { type KeyPorts, verifyingRing } from './signing-key.ts'

/** What a target that a person chose must satisfy: signed by a key that is believed, though its time may be over by now. */
export async function storedTrust(directory: string, ports: KeyPorts & Pick<Ports, 'settings'>): Promise<Trust> {
  const { trusted } = await verifyingRing(directory, ports)
  return {
    keys: everTrusted(trusted),
    required: ports.settings.release.verify.required ?? withoutMacs(trusted) ?? ['hmac'],
    nowMs: ports.clock.now(),
  }
}

export type StillWanted = (manifest: ReleaseManifest, envelopeBytes: Uint8Array) => Promise<Outcome<void>>

/**
 * Asked of each stored release before it is used. Refusals: `KEY_REVOKED`, `EPOCH`, and those of keys that cannot be read.
 * Signatures of keys that are not known here object to nothing: which keys must have signed was asked when the release came.
 */
export const stillWanted = (directory: string, ports: KeyPorts): StillWanted =>
  wantedBy(async () => (await verifyingRing(directory, ports)).trusted, directory, ports.disk)

/** The same with keys that come from elsewhere. @param keys revoked ones too */
export function wantedBy(
  keys: () => Promise<readonly TrustedKey[]>,
  directory: string,
  disk: KeyPorts['disk'],
): StillWanted {
  return async (manifest, envelopeBytes) => {
    const trusted = await keys()
    // A mark that is lost or broken says nothing here; it keeps new releases out by itself.
    const mark = await highWaterFile(disk, statePaths(directory).highWater).read()
    return notRevoked({ manifest, envelopeBytes, keys: trusted, mark: mark.ok ? mark.value : undefined })
  }
}
