// Each replay has a channel, a high-water mark and an empty slot of its own: nothing an earlier run knew may decide in this one.

import type { Clock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { silentLog } from '../base/log.ts'
import { type HighWaterFile, highWaterFile } from '../release/high-water.ts'
import type { Keyring } from '../release/keyring.ts'
import { type VerifyPolicy, verifyPolicy } from '../release/policy.ts'
import type { Publisher } from '../release/publisher.ts'
import type { ReleaseSource } from '../release/source.ts'
import { currentAfter, currentFile } from '../serving/current.ts'
import { eventOf, type Installation, prepareDirectories } from '../serving/installation.ts'
import type { ModelSlot } from '../serving/slot.ts'
import { installationOf } from './installation-of.ts'
import { replayChannel } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { startingRing } from './signing-key.ts'

export type Channel = {
  readonly name: string
  readonly runId: string
  readonly ring: Keyring
  readonly publisher: Publisher
  readonly source: ReleaseSource
  readonly memory: HighWaterFile
  readonly installation: Installation
  policy(symbol: string): VerifyPolicy
}

/** Takes whatever an earlier run left in charge out of the slot, and lets the history begin again on this run's clock. */
async function vacate(installation: Installation): Promise<void> {
  const { disk, paths, slot, registry } = installation
  await prepareDirectories(installation)
  const file = currentFile(disk, paths, slot.name)
  const read = await file.read()
  const current = read.ok ? read.value : undefined
  if (!read.ok) await disk.remove(paths.current(slot.name))
  if (current?.digest !== null) {
    await file.write({ ...currentAfter(current, slot.name, null), prevDigest: null, canary: 'closed' })
  }
  const from = current?.digest ?? null
  await registry.append(eventOf(installation, { event: 'restarted', from, to: null, cause: 'a replay starts empty' }))
}

type ChannelOptions = {
  readonly state: State
  readonly ports: Ports
  readonly slot: ModelSlot
  readonly clock: Clock
}

/** @param runId of the run that goes on; undefined begins a new one, with an empty slot */
export async function openChannel(options: ChannelOptions, runId?: string): Promise<Channel> {
  const { state, ports } = options
  const name = runId ?? replayChannel(await state.journal.nextRunNumber())
  // The watcher of a replay is told by the trainer; log lines on the machine's clock would say it twice.
  const installation = installationOf({ ...options, ports: { ...ports, log: silentLog }, actor: 'replay' })
  if (runId === undefined) await holding(installation, () => vacate(installation))
  const root = `${state.directory}/channels/${name}`
  const ring = await startingRing(state.directory, ports)
  await ports.disk.makeDirectory(root)
  return {
    name,
    runId: name,
    ring,
    publisher: ports.publisher(root),
    source: ports.source(root),
    memory: highWaterFile(ports.disk, `${root}/hwm.json`),
    installation,
    policy: symbol => verifyPolicy({ profile: 'paper', channel: name, symbols: [symbol], keys: ring.trusted }),
  }
}

async function holding(installation: Installation, work: () => Promise<void>): Promise<void> {
  const held = unwrap(await installation.lock.acquire('replay'))
  try {
    await work()
  } finally {
    await held.release()
  }
}

/**
 * A run that goes on is where its journal says. A kill may have left CURRENT one step further: it is put back to the set in the slot,
 * the history says so, and what was refused in that step may be judged again.
 */
export async function realign({ installation, name }: Channel, judgedVersion: number): Promise<void> {
  const { disk, paths, slot, registry } = installation
  const file = currentFile(disk, paths, slot.name)
  await holding(installation, async () => {
    await prepareDirectories(installation)
    const read = await file.read()
    const found = read.ok ? read.value : undefined
    if (!read.ok) await disk.remove(paths.current(slot.name))
    const wanted = slot.current()?.digest ?? null
    if ((found?.digest ?? null) !== wanted) {
      const prevDigest = slot.previous()?.digest ?? null
      await file.write({ ...currentAfter(found, slot.name, wanted), prevDigest, canary: 'closed' })
      const from = found?.digest ?? null
      const cause = 'a run goes on where it was durable'
      await registry.append(eventOf(installation, { event: 'recovered', from, to: wanted, cause }))
    }
    for (const { digest, version } of await registry.releases(name)) {
      const block = version > judgedVersion ? await registry.blockOf(digest) : undefined
      if (block?.code === 'GATE_REFUSED') await registry.unblock(digest)
    }
  })
}
