// Cases 67, 68, 70, 71, 75, 79 and 81: the power goes at every point of an install and of a rollback, and the disk keeps what it
// likes of everything that was not synced. CURRENT never names a bad blob, and the next start has a whole set in charge.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { type DiskImage, memoryDisk } from '../../src/serving/fixtures/memory-disk.ts'
import { memorySource, tinyRelease } from '../../src/serving/fixtures/release.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { type Host, writerLock } from '../../src/serving/lock.ts'
import { memoryRegistry, type RegistryState } from '../../src/serving/memory-registry.ts'
import { rollBack } from '../../src/serving/rollback.ts'
import { type DiskOperation, recordingDisk } from '../recording-disk.ts'
import { crashStates } from './crash-states.ts'
import { checkImage } from './state-check.ts'

const long = process.env.RATCHET_LONG === '1'
/** States drawn at random at each operation, beside the systematic ones. */
const RANDOM = long ? 60 : 0
const SEED = 81

const made = [tinyRelease({ seed: 1 })]
for (const seed of [2, 3]) made.push(tinyRelease({ seed, after: made.at(-1)! }))
const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]]

/** The process after the power came back. */
const LATER: Host = { self: { pid: 2, bootId: 'next', startedAt: '2' }, isRunning: ({ bootId }) => bootId === 'next' }

type Recording = {
  readonly before: DiskImage
  readonly operations: readonly DiskOperation[]
  /** What the database held after so many operations; it is durable by its own means. */
  readonly registryAt: (operation: number) => RegistryState
}

/** Runs `act` on a bot that installed these releases before, writing down what it does to the disk. */
async function record(before: readonly (typeof a)[], act: (bot: Installation) => Promise<void>): Promise<Recording> {
  const inner = memoryDisk()
  const registry = memoryRegistry()
  const first = installationOn({ disk: inner, registry })
  const source = memorySource(a.files)
  if (before.length > 0) unwrap(await bootSlot(first))
  for (const release of before) {
    source.offer(release.files)
    assert.equal((await syncOnce(first, source)).installed, 1)
  }
  const image = inner.image()
  const disk = recordingDisk(inner)
  const saved: { readonly at: number; readonly state: RegistryState }[] = [{ at: 0, state: registry.save() }]
  const watched = new Proxy(registry, {
    get(target, key) {
      const method = Reflect.get(target, key) as (...args: unknown[]) => unknown
      return async (...args: unknown[]) => {
        const result = await method.apply(target, args)
        saved.push({ at: disk.operations.length, state: registry.save() })
        return result
      }
    },
  })
  const bot = installationOn({ disk, registry: watched })
  unwrap(await bootSlot(bot))
  await act(bot)
  return {
    before: image,
    operations: disk.operations,
    registryAt: operation => saved.findLast(({ at }) => at <= operation)!.state,
  }
}

const install = (release: typeof a) => async (bot: Installation) => {
  assert.equal((await syncOnce(bot, memorySource(release.files))).installed, 1)
}

type Digests = { readonly old: string | undefined; readonly new: string }
type Count = { states: number; none: number; old: number; new: number; violations: string[] }

/** @param enough violations after which it has seen enough */
async function examine(recording: Recording, digests: Digests, enough = Number.POSITIVE_INFINITY): Promise<Count> {
  const count: Count = { states: 0, none: 0, old: 0, new: 0, violations: [] }
  const { before, operations, registryAt } = recording
  for (const { after, image } of crashStates(before, operations, seededRng(SEED), RANDOM)) {
    count.states++
    const violation = await violationOf(image, registryAt(after), digests, count)
    const last = operations[after - 1]
    if (violation !== undefined) count.violations.push(`after ${after} (${last?.kind} ${last?.path}): ${violation}`)
    if (count.violations.length >= enough) break
  }
  return count
}

async function violationOf(
  image: DiskImage,
  saved: RegistryState,
  digests: Digests,
  count: Count,
): Promise<string | undefined> {
  const verdict = checkImage(image)
  if (verdict.kind === 'corrupt' || verdict.kind === 'unreadable') return JSON.stringify(verdict)
  const named = verdict.kind === 'whole' ? verdict.digest : undefined
  if (named !== digests.old && named !== digests.new) return `CURRENT names ${named}`
  count[named === undefined ? 'none' : named === digests.new ? 'new' : 'old']++
  const disk = memoryDisk(image)
  const next = installationOn({
    disk,
    registry: memoryRegistry(saved),
    lock: writerLock(disk, 'bot/state/lock', LATER),
  })
  const booted = unwrap(await bootSlot(next))
  const inCharge = next.slot.current()?.digest
  if (inCharge !== digests.old && inCharge !== digests.new)
    return `the start ended in ${booted.state}: ${booted.notes.join('; ')}`
  const again = checkImage(disk.image())
  const agreed = again.kind === 'whole' ? again.digest : undefined
  return agreed === inCharge ? undefined : `after the start CURRENT is ${JSON.stringify(again)}`
}

const scenarios: readonly (readonly [string, () => Promise<Recording>, Digests])[] = [
  ['the first install', () => record([], install(a)), { old: undefined, new: a.manifestSha256 }],
  ['an install', () => record([a], install(b)), { old: a.manifestSha256, new: b.manifestSha256 }],
  ['an install with collection', () => record([a, b], install(c)), { old: b.manifestSha256, new: c.manifestSha256 }],
  [
    'a rollback',
    () => record([a, b], async bot => void unwrap(await rollBack({ cause: 'F7', proven: true }, bot))),
    { old: b.manifestSha256, new: a.manifestSha256 },
  ],
]
for (const [what, make, digests] of scenarios) {
  test(`power loss at every point of ${what}: 0 corrupt`, async t => {
    const recording = await make()
    const count = await examine(recording, digests)
    const { states, violations } = count
    t.diagnostic(
      `${what}: ${recording.operations.length} operations, ${states} states (seed ${SEED}), none ${count.none}, old ${count.old}, new ${count.new}, corrupt ${violations.length}`,
    )
    assert.deepEqual(violations.slice(0, 3), [])
    assert.ok(states > recording.operations.length && count.new > 0 && count.none + count.old > 0)
  })
}

/** The same recordings by an installer that forgets one thing: the harness must see it. */
const planted: readonly (readonly [string, (operation: DiskOperation) => boolean])[] = [
  ['the fsync of staged blobs', ({ kind, path }) => kind === 'fsync' && path.includes('.staging')],
  ['the sync of the store', ({ kind, path }) => kind === 'syncDirectory' && path.includes('store/cas')],
  ['the fsync of CURRENT.tmp', ({ kind, path }) => kind === 'fsync' && path.includes('CURRENT')],
]
for (const [what, forgotten] of planted) {
  test(`an installer that forgets ${what} is caught`, async () => {
    const recording = await record([a], install(b))
    const operations = recording.operations.filter(operation => !forgotten(operation))
    // The database's moments are counted in the operations that were really made.
    const registryAt = () => recording.registryAt(0)
    const digests = { old: a.manifestSha256, new: b.manifestSha256 }
    const count = await examine({ ...recording, operations, registryAt }, digests, 1)
    assert.ok(count.violations.length > 0, `${count.states} states without a violation`)
  })
}
