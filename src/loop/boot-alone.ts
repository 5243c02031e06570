// An installation for one command on a state directory that no loop holds: its slot is filled as a start would fill it.

import { accepted, type Outcome } from '../base/fault.ts'
import { bootSlot } from '../serving/boot.ts'
import type { Installation } from '../serving/installation.ts'
import { modelSlot } from '../serving/slot.ts'
import { installationOf } from './installation-of.ts'
import { SLOT } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { stillWanted } from './stored-trust.ts'

/**
 * To be called under the lock of runs: a running loop holds its set in memory and would not see what is written behind its back.
 *
 * Refusals: those of `bootSlot`.
 */
export async function bootAlone(state: State, ports: Ports): Promise<Outcome<Installation>> {
  const { clock, probe, hosts } = ports
  const wanted = stillWanted(state.directory, ports)
  const slot = modelSlot(SLOT)
  const installation = installationOf({ state, ports, slot, clock, actor: 'cli', probe, hosts, stillWanted: wanted })
  const booted = await bootSlot(installation)
  if (!booted.ok) return booted
  // Nothing was decided with the set, so this start says nothing of its health.
  await booted.value.healthy()
  return accepted(installation)
}
