// A release that passed its gates while promotion is not automatic (SRV-72): it is in the store, and waits until a person promotes it.

import type { VerifiedRelease } from '../release/release.ts'
import type { GateRun } from './gates/run.ts'
import { eventOf, type Installation } from './installation.ts'
import { gateRow, memberRows, releaseRow } from './registry-rows.ts'
import type { Staging } from './staging.ts'

const CAUSE = 'passed its gates; promotion is not automatic'

/** Steps s6 to s8 of SRV-01, and no further. */
export async function leaveWaiting(
  release: VerifiedRelease,
  gates: GateRun,
  staging: Pick<Staging, 'promote'>,
  installation: Installation,
): Promise<void> {
  const { registry, clock, slot, log } = installation
  await staging.promote(release)
  const at = clock.now()
  await registry.saveRelease(releaseRow(release, 'waiting', at), memberRows(release), gateRow(gates, at))
  const from = slot.current()?.digest ?? null
  const { manifestSha256: to, manifest } = release
  await registry.append(
    eventOf(installation, { event: 'waiting', from, to, cause: CAUSE, gateReportSha256: gates.sha256 }),
  )
  log.write('info', 'model.waiting', `${manifest.releaseId} ${CAUSE}: ratchet models promote ${manifest.label}`)
}

/** Whether it was judged already and waits. */
export async function isWaiting(digest: string, { registry }: Pick<Installation, 'registry'>): Promise<boolean> {
  return (await registry.releases()).some(row => row.digest === digest && row.state === 'waiting')
}
