// Erases what the demo left in a state directory (DEMO-06): its runs, their releases and channels, its slot and its bars. The history of
// slots and the ledger keep their lines, which are chains; everything of others stays.

import { z } from 'zod'
import { Fault, unwrap } from '../base/fault.ts'
import type { DataSet } from '../data/data-sets.ts'
import { collectStore } from '../serving/collect.ts'
import { handoversOf } from '../serving/history.ts'
import { modelSlot } from '../serving/slot.ts'
import { installationOf } from './installation-of.ts'
import { REPLAY_SLOT, SLOT, slotOf } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { runLockOf } from './run-lock.ts'

/** What the sample is replayed as. */
export const DEMO_SYMBOL = 'SPX'

/** What belongs to the demo, before anything is touched. */
export type DemoData = {
  readonly channels: readonly string[]
  /** How many the runs of these channels published. */
  readonly releases: number
  readonly dataHashes: readonly string[]
}

const reportSchema = z.object({ fileSha256: z.string() })

/**
 * The demo is known by its bars: what was replayed on the file with this hash, as the sample is.
 *
 * @example (await demoData(sha256OfSample, state)).channels // ['replay-1']
 */
export async function demoData(sampleSha256: string, { dataSets, records, registry }: State): Promise<DemoData> {
  // What was imported, alone or added to other bars, is a series in use of somebody's.
  const ofSample = ({ report, symbol, headAt }: DataSet): boolean =>
    headAt === null &&
    symbol === DEMO_SYMBOL &&
    reportSchema.safeParse(JSON.parse(report)).data?.fileSha256 === sampleSha256
  const sets = (await dataSets.list()).filter(ofSample)
  const hashes = new Set(sets.map(({ hash }) => hash))
  const runs = await records.runs()
  const channels = runs
    .filter(run => run.symbol === DEMO_SYMBOL && hashes.has(run.dataHash) && slotOf(run.channel) === REPLAY_SLOT)
    .map(({ channel }) => channel)
  const published = await Promise.all(channels.map(channel => registry.releases(channel)))
  // Bars that something else was trained or run on stay.
  const used = new Set(runs.filter(({ channel }) => !channels.includes(channel)).map(({ dataHash }) => dataHash))
  return {
    channels,
    releases: published.flat().length,
    dataHashes: [...hashes].filter(hash => !used.has(hash)),
  }
}

/**
 * Faults: `LOCK_BUSY` while a run goes on here, `INSTALL_BUSY` while a release is installed, `RELEASE_IN_CHARGE` where a release of the demo
 * decides outside of it.
 */
export async function resetDemo(demo: DemoData, state: State, ports: Ports): Promise<void> {
  const { disk } = ports
  await ports.withLock(runLockOf(state.directory), async () => {
    const slot = modelSlot(SLOT)
    const installation = installationOf({ state, ports, slot, clock: ports.clock, actor: 'demo reset' })
    const held = unwrap(await installation.lock.acquire('demo reset'))
    try {
      const events = await state.registry.events()
      const inCharge = handoversOf(events, SLOT).at(-1)?.to ?? null
      const ours = await Promise.all(demo.channels.map(channel => state.registry.releases(channel)))
      if (ours.flat().some(({ digest }) => digest === inCharge)) {
        throw new Fault('RELEASE_IN_CHARGE', 'a release of the demo is in charge of the slot main', {
          fix: 'put another one in charge first: ratchet models rollback --reason TEXT',
        })
      }
      await state.runLog.erase({ ...demo, symbol: DEMO_SYMBOL })
      await disk.remove(installation.paths.current(REPLAY_SLOT))
      for (const channel of demo.channels) await disk.remove(`${state.directory}/channels/${channel}`)
      for (const snapshot of await state.bars.list()) {
        if (snapshot.symbol === DEMO_SYMBOL && demo.dataHashes.includes(snapshot.snapshotId))
          await state.bars.remove(snapshot)
      }
      await collectStore(installation)
    } finally {
      await held.release()
    }
  })
}
