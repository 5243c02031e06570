// The way back: a rollback while decisions are made at three loads, and a store that is lost and comes back from a backup.

import { contentStore } from '../../release/store.ts'
import { writeBackup } from '../../serving/backups.ts'
import { bootSlot } from '../../serving/boot.ts'
import type { Installation } from '../../serving/installation.ts'
import { resumePromotion } from '../../serving/promotion-pause.ts'
import { restoreBackup } from '../../serving/restore-backup.ts'
import { rollBack } from '../../serving/rollback.ts'
import type { ModelSlot } from '../../serving/slot.ts'
import { type Drill, judged, type LoadFigures } from './drill.ts'
import type { DrillWorld } from './world.ts'

/** Decisions between two turns of the event loop. */
const LOADS = { low: 1, medium: 20, high: 200 } as const
/** SRV-80: at ten times the usual load. */
const LIMIT_MS = 1_000
const TURNS = 200

/** One decision: a lease on the set in charge and an answer of each of its models. */
function decide({ slot }: Installation): void {
  const lease = slot.lease()
  for (const role of lease.set?.roles.values() ?? []) role.run(new Float32Array(role.width), 1)
  lease.release()
}

/** Decides in bursts until told to stop; gives how many were made, and the mean time of one in ms. */
async function load(world: DrillWorld, bot: Installation, burst: number, isOver: () => boolean) {
  let [made, turns, spentMs] = [0, 0, 0]
  const started = world.elapsed()
  while (turns++ < TURNS && !isOver()) {
    const from = world.elapsed()
    for (let n = 0; n < burst; n++) decide(bot)
    spentMs += world.elapsed() - from
    made += burst
    await world.timer.sleep(0)
  }
  return {
    meanMs: made === 0 ? 0 : spentMs / made,
    perSecond: (1000 * made) / Math.max(0.001, world.elapsed() - started),
  }
}

async function underLoad(world: DrillWorld, name: keyof typeof LOADS, version: number) {
  const { bot, booted } = await world.start()
  await booted.healthy()
  const before = bot.slot.current()?.digest
  const offered = await world.pass(bot, world.offer({ version }).files)
  if (offered.installed === 0) return { reason: offered.refused.map(({ code, detail }) => `${code}: ${detail}`).join() }
  const burst = LOADS[name]
  const calm = await load(world, bot, burst, () => false)
  let isOver = false
  const during = load(world, bot, burst, () => isOver)
  const started = world.elapsed()
  let swapMs = Number.POSITIVE_INFINITY
  const slot: ModelSlot = {
    ...bot.slot,
    swap(set) {
      const seq = bot.slot.swap(set)
      swapMs = world.elapsed() - started
      return seq
    },
  }
  const done = await rollBack({ cause: 'drill', proven: false }, { ...bot, slot })
  const durableMs = world.elapsed() - started
  isOver = true
  // The next load puts a release in charge too, and nothing takes charge by itself for an hour after a rollback.
  await resumePromotion({ reason: 'drill' }, bot)
  const [busy, after] = [await during, await load(world, bot, burst, () => false)]
  const figures: LoadFigures = {
    load: name,
    decisionsPerSecond: Math.round(calm.perSecond),
    beforeMs: calm.meanMs,
    duringMs: busy.meanMs,
    afterMs: after.meanMs,
  }
  return { swapMs, durableMs, back: done.ok && done.value.durable && bot.slot.current()?.digest === before, figures }
}

export const wayBackDrills: readonly Drill[] = [
  {
    name: 'rollback-under-load',
    title: 'the set in charge is taken back while decisions are made at a low, a medium and a high load',
    expected: `the set before it decides again within ${LIMIT_MS} ms at each load, and durably after that`,
    async run(world) {
      const figures: LoadFigures[] = []
      let slowest = 0
      let durable = 0
      for (const [index, name] of (['low', 'medium', 'high'] as const).entries()) {
        const done = await underLoad(world, name, 1 + 2 * index)
        if ('reason' in done)
          return { verdict: 'skipped', reason: `nothing could be put in charge first: ${done.reason}` }
        figures.push(done.figures)
        slowest = Math.max(slowest, done.swapMs)
        durable = Math.max(durable, done.durableMs)
        if (!done.back) return judged(false, `at ${name} load the set before did not come back`, slowest, figures)
      }
      const text = `it decides again after ${slowest.toFixed(1)} ms at most; on disk after ${durable.toFixed(1)} ms`
      return judged(slowest <= LIMIT_MS, text, slowest, figures)
    },
  },
  {
    name: 'restore-backup',
    title: 'the store is lost with all that was in charge; a backup is left',
    expected: 'the start holds without a set; the restored backup is checked byte for byte and decides again',
    async run(world) {
      const { bot, booted } = await world.start()
      await booted.healthy()
      const name = await writeBackup(bot, world.champion)
      await world.disk.remove(world.paths.store)
      const started = world.elapsed()
      const lost = await world.start()
      const held = lost.booted.state === 'hold'
      const restored = await restoreBackup(name, lost.bot)
      const again = await bootSlot({ ...lost.bot, store: contentStore(world.disk, world.paths.store) })
      const ms = world.elapsed() - started
      if (again.ok) await again.value.healthy()
      const back = lost.bot.slot.current()?.digest === world.champion.manifestSha256
      const told = restored.ok ? `restored ${restored.value.digest.slice(0, 12)}` : restored.fault.code
      return judged(held && restored.ok && back, `the start said ${lost.booted.state}; ${told}`, ms)
    },
  },
]
