// What a drill works with: a copy of the installation in a folder of its own, a publisher with a key of its own, a clock that it may move,
// and processes that it may end.

import type { Clock } from '../../base/clock.ts'
import type { Disk } from '../../base/disk.ts'
import { unwrap } from '../../base/fault.ts'
import { silentLog } from '../../base/log.ts'
import { secretBytes } from '../../base/secret.ts'
import type { Timer } from '../../base/timer.ts'
import type { BuiltRelease } from '../../release/build.ts'
import { highWaterFile } from '../../release/high-water.ts'
import { type HmacKey, hmacKeyId, type TrustedKey } from '../../release/keys.ts'
import { verifyPolicy } from '../../release/policy.ts'
import type { ReleaseMembers, VerifiedRelease } from '../../release/release.ts'
import { contentStore } from '../../release/store.ts'
import { type Booted, bootSlot } from '../../serving/boot.ts'
import type { GateLimits } from '../../serving/gates/limits.ts'
import type { Installation } from '../../serving/installation.ts'
import { writerLock } from '../../serving/lock.ts'
import type { MemoryRegistry } from '../../serving/memory-registry.ts'
import { loadModelSet } from '../../serving/model-set.ts'
import { type StatePaths, statePaths } from '../../serving/paths.ts'
import { modelSlot } from '../../serving/slot.ts'
import { type SyncResult, type UpdateOptions, updateOnce } from '../../serving/updater.ts'
import { type Copied, copyInstallation } from './copy.ts'
import { type OfferOptions, offeredFiles, offeredRelease } from './offer.ts'

/** Time that a drill may move to either side; it stands still in between. */
export type DrillClock = Clock & { set(ms: number): void }

export type DrillWorld = {
  readonly disk: Disk
  readonly paths: StatePaths
  readonly registry: MemoryRegistry
  readonly champion: VerifiedRelease
  readonly clock: DrillClock
  readonly timer: Timer
  readonly key: HmacKey
  /** Another key of the drill's publisher. @param generation above 1 */
  keyOf(generation: number): HmacKey
  /** A release made of the champion, signed by the drill's key where nothing else is said. */
  offer(options?: Partial<OfferOptions>): BuiltRelease
  /** A process of its own starts on the copy. @param disk in place of the real one */
  start(disk?: Disk): Promise<{ readonly bot: Installation; readonly booted: Booted }>
  /** One pass of that process over these files. */
  pass(bot: Installation, files: ReleaseMembers, over?: PassOptions): Promise<SyncResult>
  /** Milliseconds and their parts since some moment. */
  elapsed(): number
}

export type PassOptions = Pick<Partial<UpdateOptions>, 'awaitWindow'> & { readonly keys?: readonly TrustedKey[] }

export type WorldOptions = {
  readonly live: Pick<Installation, 'disk' | 'paths' | 'store' | 'stamp'> & {
    readonly registry: Installation['registry']
  }
  readonly slot: string
  /** Where the copy is made. */
  readonly directory: string
  readonly now: number
  readonly stopwatch: Clock
  readonly timer: Timer
  readonly entropy: (count: number) => Uint8Array
  readonly limits: GateLimits
}

function drillClock(startMs: number): DrillClock {
  let now = startMs
  return { now: () => now, set: ms => void (now = ms) }
}

/** Faults: those of `copyInstallation`. */
export async function drillWorld(options: WorldOptions): Promise<DrillWorld> {
  const { live, directory, entropy, stopwatch, timer } = options
  const { disk } = live
  const paths = statePaths(directory)
  const { registry, champion }: Copied = await copyInstallation(live, options.slot, paths)
  // The bot's own columns are those that the set in charge is asked with.
  const { features } = unwrap(loadModelSet(champion))
  const clock = drillClock(options.now)
  const keyOf = (generation: number): HmacKey => ({
    keyid: hmacKeyId('drill', generation),
    alg: 'hmac',
    use: 'release',
    state: 'active',
    secret: secretBytes(entropy(32)),
  })
  const key = keyOf(1)
  let processes = 0

  return {
    disk,
    paths,
    registry,
    champion,
    clock,
    timer,
    key,
    keyOf,
    offer: (over = {}) => offeredRelease(champion, { version: 1, keys: [key], clock, ...over }),
    async start(own = disk) {
      // The process before this one is gone, however it ended.
      const pid = ++processes
      const self = { pid, bootId: 'drill', startedAt: String(pid) }
      const host = { self, isRunning: (other: { readonly pid: number }) => other.pid === pid }
      const bot: Installation = {
        disk: own,
        paths,
        store: contentStore(own, paths.store),
        registry,
        slot: modelSlot(options.slot),
        lock: writerLock(own, paths.lock, host),
        clock,
        log: silentLog,
        stamp: { ...live.stamp, actor: 'drill' },
        backupsKept: 2,
      }
      return { bot, booted: unwrap(await bootSlot(bot)) }
    },
    pass: (bot, files, { keys = [key], ...over } = {}) =>
      updateOnce({
        source: offeredFiles(files),
        policy: verifyPolicy({ profile: 'paper', channel: 'drill', symbols: [], keys }),
        memory: highWaterFile(bot.disk, `${paths.state}/drill-hwm.json`),
        installation: bot,
        gateContext: (release, candidate, inCharge) => ({
          release,
          candidate,
          champion: inCharge,
          profile: 'paper',
          symbol: champion.manifest.audience.symbols[0] ?? '',
          features,
          limits: options.limits,
        }),
        ...over,
      }),
    elapsed: () => stopwatch.now(),
  }
}
