// One pass from a release source to the slot of a state directory (REL-43, SRV-01): what `ratchet sync` does.

import { unwrap } from '../base/fault.ts'
import { bootSlot } from '../serving/boot.ts'
import { modelSlot } from '../serving/slot.ts'
import type { SyncResult } from '../serving/updater.ts'
import { diskRoom } from './disk-room.ts'
import { installationOf } from './installation-of.ts'
import { refuseKilled } from './kill-guard.ts'
import type { Ports, State } from './ports.ts'
import { startingRing } from './signing-key.ts'
import { stillWanted } from './stored-trust.ts'
import { syncPass } from './sync-pass.ts'

export type SyncRequest = {
  /** Folder of a published tree or of one release. */
  readonly source: string
  /** Accept releases for this symbol only, and judge them on its stored bars. Without: the bars stored last. */
  readonly symbol?: string | undefined
  readonly signal: AbortSignal
}

/**
 * Boots the slot from disk, then polls, verifies, gates and installs. Refusals are in the result; the set in charge stays.
 *
 * Faults: `KILLED`, `INSTALL_BUSY` where another process writes, `KEY_…`, and those of a state directory that cannot be read.
 */
export async function syncOnce(
  { source, symbol, signal }: SyncRequest,
  state: State,
  ports: Ports,
): Promise<SyncResult> {
  // Whatever may fail for reasons of its own comes before the boot: a start that ends early counts against the set in charge.
  await refuseKilled('models', state.directory, ports)
  const place = ports.source(source)
  const ring = await startingRing(state.directory, ports)
  const slot = modelSlot()
  const installation = installationOf({
    state,
    ports,
    slot,
    clock: ports.clock,
    actor: 'sync',
    probe: ports.probe,
    hosts: ports.hosts,
    reserve: diskRoom(state.directory, ports),
    stillWanted: stillWanted(state.directory, ports),
  })
  const booted = unwrap(await bootSlot(installation))
  try {
    return await syncPass({ source: place, ring, symbol, installation, signal }, state, ports)
  } finally {
    // The set was loaded and asked; being called off meanwhile is a clean end.
    await booted.healthy()
  }
}
