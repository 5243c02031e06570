// What stands still while the kill switch is pulled for it, wherever it begins: models and publishing (RSK-13).

import { Fault } from '../base/fault.ts'
import type { KillScope } from '../trading/kill-scopes.ts'
import { killFile } from './kill-file.ts'
import type { Ports } from './ports.ts'

type Where = Pick<Ports, 'disk' | 'settings'>

/** Fault: `KILLED` with what pulled it. */
export async function refuseKilled(
  scope: Extract<KillScope, 'models' | 'publish'>,
  directory: string,
  { disk, settings }: Where,
): Promise<void> {
  const pulled = await killFile(directory, settings.killSwitch.file, disk).pulled()
  if (pulled?.scopes.includes(scope) !== true) return
  throw new Fault('KILLED', `the kill switch is pulled for ${scope}: ${pulled.reason}`, {
    fix: 'take the kill file away once it is clear why it is there',
  })
}

/** Why no training begins: what it makes could not be published, or could not take charge. */
export function stoppedTraining(scopes: readonly KillScope[] | undefined): string | undefined {
  const stopped = scopes?.filter(scope => scope === 'models' || scope === 'publish') ?? []
  return stopped.length === 0 ? undefined : `the kill switch is pulled for ${stopped.join(' and ')}`
}
