// A person's word on one release, done on a slot that was booted: by a process that holds it, or by the command line alone (SRV-72).

import { accepted, type Outcome } from '../base/fault.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { Installation } from '../serving/installation.ts'
import { statePaths } from '../serving/paths.ts'
import { type Promotion, promoteRelease } from '../serving/promote.ts'
import type { ReleaseRow } from '../serving/registry.ts'
import { bootAlone } from './boot-alone.ts'
import { refuseKilled } from './kill-guard.ts'
import { SLOT } from './model-catalogue.ts'
import { asOperator, keep, releaseOf } from './operator.ts'
import { policyOf } from './policy-of.ts'
import type { Ports, State } from './ports.ts'
import { labelledReader } from './recall.ts'
import type { ReleaseAct, ReleaseCommand } from './run-control.ts'
import { runLockOf } from './run-lock.ts'
import { verifyingRing } from './signing-key.ts'
import { onStoredBars } from './sync-pass.ts'

export type Operated = {
  readonly type: ReleaseCommand['type']
  readonly label: string
  readonly digest: string
  /** One sentence of what was done. */
  readonly done: string
  /** Release id of the set in charge now; null is the rule-based baseline. */
  readonly inCharge: string | null
  readonly promotion?: Promotion | undefined
}

export type OperateOptions = {
  readonly installation: Installation
  /** Where the files of a release are looked for when the store has them no longer. */
  readonly sources: readonly ReleaseSource[]
  readonly signal: AbortSignal
}

/** Refusals: those of `pins`, `blocks` and `promoteRelease`. */
export async function operate(
  command: ReleaseCommand,
  row: ReleaseRow,
  { sources, signal, ...options }: OperateOptions,
  state: State,
  ports: Ports,
): Promise<Outcome<Operated>> {
  const installation = asOperator(options.installation)
  const { digest, label, channel } = row
  const operated = (done: string, promotion?: Promotion): Outcome<Operated> => {
    const inCharge = installation.slot.current()?.releaseId ?? null
    return accepted({ type: command.type, label, digest, done, inCharge, promotion })
  }
  if (command.type !== 'promote') {
    const kept = await keep(command.type, row, command.reason, installation)
    return kept.ok ? operated(kept.value) : kept
  }
  await refuseKilled('models', state.directory, ports)
  const from = installation.slot.current()
  const { trusted } = await verifyingRing(state.directory, ports)
  const { reason, override } = command
  const promotion = await promoteRelease(
    { digest, reason, override, readers: sources.map(source => labelledReader(source, label, signal)) },
    {
      policy: policyOf({ profile: 'paper', channel, symbols: [], keys: trusted }, ports),
      memory: highWaterFile(ports.disk, statePaths(state.directory).highWater),
      installation,
      ...onStoredBars({ actor: 'operator', act: one => `promote-${one}-${ports.clock.now()}` }, state, ports),
    },
  )
  const { outcome } = promotion
  return outcome.ok ? operated(`promoted ${label} in place of ${from?.label ?? 'the baseline'}`, promotion) : outcome
}

export type AloneRequest = {
  readonly command: ReleaseAct & { readonly release?: string | undefined; readonly reason: string }
  /** Published tree to read a release from that the store does not hold. */
  readonly source?: string | undefined
  readonly signal: AbortSignal
}

/**
 * On a state directory that no loop holds.
 *
 * Refusals: those of `releaseOf`, `bootSlot` and of the act. Fault `LOCK_BUSY` while a loop runs on this state directory, those of `findRelease`.
 */
export async function operateAlone(
  { command, source, signal }: AloneRequest,
  state: State,
  ports: Ports,
): Promise<Outcome<Operated>> {
  const found = await releaseOf(command, { registry: state.registry, slot: SLOT, nowMs: ports.clock.now() })
  if (!found.ok) return found
  const row = found.value
  // A running loop holds its set in memory and would not see what is written behind its back.
  return ports.withLock(runLockOf(state.directory), async () => {
    const booted = await bootAlone(state, ports)
    if (!booted.ok) return booted
    const installation = booted.value
    const sources = source === undefined ? [] : [ports.source(source)]
    const own = { ...command, release: row.digest }
    return operate(own, row, { installation, sources, signal }, state, ports)
  })
}
