// What production does not start with, beside what its configuration says: keys that are not there or weak, and simulated bars (CFG-07).

import { Fault, unwrap } from '../base/fault.ts'
import { keyFitToStart } from '../release/key-strength.ts'
import { givenSecret, type KeyPorts, keyFileOf, verifyingRing } from './signing-key.ts'

/** Faults: `KEY_MISSING`, `KEY_TOO_SHORT`, `KEY_EXAMPLE`, `DATA_SIMULATED`; none in development. */
export async function refuseInProduction(
  { symbol, provenance }: { readonly symbol: string; readonly provenance: 'real' | 'simulated' },
  directory: string,
  ports: KeyPorts,
): Promise<void> {
  if (ports.settings?.mode !== 'production') return
  if (provenance === 'simulated') {
    throw new Fault('DATA_SIMULATED', `${symbol} is simulated: production does not start on it`, {
      place: symbol,
      fix: 'use real bars, or mode=development',
    })
  }
  const ring = await verifyingRing(directory, ports)
  if (ring.release.length === 0) {
    throw new Fault('KEY_MISSING', 'production does not start without a key to sign with', {
      place: keyFileOf(directory),
      fix: 'make one and keep it: ratchet keys new, or set MANIFEST_HMAC_KEY',
    })
  }
  const master = await givenSecret('MANIFEST_MASTER_KEY', ports)
  if (master !== undefined) unwrap(keyFitToStart(master))
}
