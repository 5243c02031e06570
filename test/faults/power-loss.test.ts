// Cases 67, 68, 70, 71, 75, 78, 79 and 81: the power goes at every point of an install, a rollback, a collection and a publishing, and
// the disk keeps what it likes of everything that was not synced. What is named is never a bad blob, and the next start has a whole set
// in charge.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { type DiskImage, type MemoryDisk, memoryDisk } from '../../src/serving/fixtures/memory-disk.ts'
import { memorySource } from '../../src/serving/fixtures/release.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { type Host, writerLock } from '../../src/serving/lock.ts'
import { memoryRegistry, type RegistryState } from '../../src/serving/memory-registry.ts'
import { type DiskOperation, recordingDisk } from '../recording-disk.ts'
import { collect, fromHere, HISTORY, hoard, install, publish, releasesOf, takeBack } from './acts.ts'
import { crashStates } from './crash-states.ts'
import { checkImage } from './state-check.ts'
import { checkTree } from './tree-check.ts'

const long = process.env['RATCHET_LONG'] === '1'
/** States drawn at random at each operation, beside the systematic ones. */
const RANDOM = long ? 60 : 0
/** The quick set cuts after so many operations each, and around every move of a pointer. */
const STRIDE = long ? 1 : 7
/** After each so many-th state the release is installed again. */
const AGAIN = long ? 1 : 150
const SEED = 81
const TREE = 'tree'

const made = releasesOf(1)
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
  if (before.length > 0) {
    unwrap(await bootSlot(first))
    await hoard(first, before)
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
  const bot = installationOn({ disk, registry: watched, backupsKept: 2 })
  unwrap(await bootSlot(bot))
  await act(bot)
  return {
    before: image,
    operations: disk.operations,
    registryAt: operation => saved.findLast(({ at }) => at <= operation)!.state,
  }
}

const installing = (release: typeof a) => (bot: Installation) => install(bot, release.files)

async function recordPublishing(before: readonly (typeof a)[], release: typeof a): Promise<Recording> {
  const inner = memoryDisk(new Map([[TREE, null]]))
  for (const { files } of before) unwrap(await publish({ disk: fromHere(inner), root: TREE }, files))
  const image = inner.image()
  const disk = recordingDisk(inner)
  unwrap(await publish({ disk: fromHere(disk), root: TREE }, release.files))
  return { before: image, operations: disk.operations, registryAt: () => memoryRegistry().save() }
}

type Digests = { readonly old: string | undefined; readonly new: string; readonly installs?: true }
type Count = { states: number; none: number; old: number; new: number; violations: string[] }

type Violation = typeof violationOf
type Examination = {
  readonly violation?: Violation | undefined
  /** Ends with the first violation, and cuts only where a pointer moved. */
  readonly first?: boolean
}

const isMove = (operation: DiskOperation | undefined): boolean =>
  operation?.kind === 'rename' && /CURRENT$|pointer\.json$/.test(operation.to)

async function examine(
  recording: Recording,
  digests: Digests,
  { violation = violationOf, first = false }: Examination = {},
): Promise<Count> {
  const count: Count = { states: 0, none: 0, old: 0, new: 0, violations: [] }
  const { before, operations, registryAt } = recording
  const isCut = (after: number): boolean =>
    isMove(operations[after - 1]) ||
    (!first && (after % STRIDE === 0 || isMove(operations[after]) || isMove(operations[after - 2])))
  for (const { after, image } of crashStates(before, operations, seededRng(SEED), RANDOM, isCut)) {
    count.states++
    const found = await violation(image, registryAt(after), digests, count)
    const last = operations[after - 1]
    if (found !== undefined) count.violations.push(`after ${after} (${last?.kind} ${last?.path}): ${found}`)
    if (first && count.violations.length > 0) break
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
  if (agreed !== inCharge) return `after the start CURRENT is ${JSON.stringify(again)}`
  return digests.installs && count.states % AGAIN === 0 ? violationInstallingAgain(disk, next, digests.new) : undefined
}

/** A blob that was lost is fetched again, one that is there is hashed again: the same release installs, whole. */
async function violationInstallingAgain(
  disk: MemoryDisk,
  bot: Installation,
  digest: string,
): Promise<string | undefined> {
  const { refused } = await syncOnce(bot, memorySource(made.find(one => one.manifestSha256 === digest)!.files))
  const [first] = refused
  if (first !== undefined) return `installing again: ${first.code} ${first.detail}`
  const image = checkImage(disk.image())
  return image.kind === 'whole' && image.digest === digest ? undefined : `installed again: ${JSON.stringify(image)}`
}

/** For a reader of the published tree; publishing again must then end with the new release. */
async function violationInTree(
  image: DiskImage,
  _saved: RegistryState,
  digests: Digests,
  count: Count,
): Promise<string | undefined> {
  const verdict = checkTree(image, TREE)
  if (verdict.kind === 'corrupt') return verdict.what
  const named = verdict.kind === 'whole' ? verdict.digest : undefined
  if (named !== digests.old && named !== digests.new) return `the pointer names ${named}`
  count[named === undefined ? 'none' : named === digests.new ? 'new' : 'old']++
  const disk = memoryDisk(image)
  const again = await publish(
    { disk: fromHere(disk), root: TREE },
    made.find(one => one.manifestSha256 === digests.new)!.files,
  )
  if (!again.ok) return `publishing again: ${again.fault.code} ${again.fault.place}`
  const after = checkTree(disk.image(), TREE)
  return after.kind === 'whole' && after.digest === digests.new ? undefined : JSON.stringify(after)
}

type Scenario = {
  readonly title: string
  readonly make: () => Promise<Recording>
  readonly digests: Digests
  readonly violation?: Violation
}

const digests = { old: a.manifestSha256, new: b.manifestSha256 }
const last = made[HISTORY - 1]!.manifestSha256
const scenarios: readonly Scenario[] = [
  {
    title: 'fault 81: power loss at every point of the first install',
    make: () => record([], installing(a)),
    digests: { old: undefined, new: a.manifestSha256, installs: true },
  },
  {
    title: 'faults 67, 68, 70, 71, 75 and 81: power loss at every point of an install',
    make: () => record([a], installing(b)),
    digests: { ...digests, installs: true },
  },
  {
    title: 'fault 81: power loss at every point of an install with collection',
    make: () => record([a, b], installing(c)),
    digests: { old: b.manifestSha256, new: c.manifestSha256, installs: true },
  },
  {
    title: 'faults 79 and 81: power loss at every point of a rollback',
    make: () => record([a, b], takeBack),
    digests: { old: b.manifestSha256, new: a.manifestSha256 },
  },
  {
    title: 'faults 78 and 81: power loss at every point of a collection',
    make: () => record(made.slice(0, HISTORY), async bot => void (await collect(bot))),
    digests: { old: last, new: last },
  },
  {
    title: 'fault 81, REL-30: power loss at every point of the first publishing',
    make: () => recordPublishing([], a),
    digests: { old: undefined, new: a.manifestSha256 },
    violation: violationInTree,
  },
  {
    title: 'fault 81, REL-30: power loss at every point of a publishing',
    make: () => recordPublishing([a], b),
    digests,
    violation: violationInTree,
  },
]
let examined = 0
for (const { title, make, digests: sides, violation } of scenarios) {
  test(`${title}: 0 corrupt`, async t => {
    const recording = await make()
    const count = await examine(recording, sides, { violation })
    const { states, violations } = count
    examined += states
    const { length } = recording.operations
    const found = `none ${count.none}, old ${count.old}, new ${count.new}, corrupt ${violations.length}`
    t.diagnostic(`${title}: ${length} operations, ${states} states (seed ${SEED}), ${found}`)
    assert.deepEqual(violations.slice(0, 3), [])
    assert.ok(
      states > length / (2 * STRIDE) && count.new > 0 && (count.none + count.old > 0 || sides.old === sides.new),
    )
  })
}

test('fault 81: the states of all of them together are as many as were asked for', { skip: !long && 'long set' }, t => {
  t.diagnostic(`${examined} states`)
  assert.ok(examined >= 20_000, `${examined} states`)
})

/** The same recordings by someone who forgets one thing: the harness must see it. */
type Forgetful = readonly [what: string, forgotten: (operation: DiskOperation) => boolean, publishing?: boolean]
const planted: readonly Forgetful[] = [
  ['the fsync of staged blobs', ({ kind, path }) => kind === 'fsync' && path.includes('.staging')],
  ['the sync of the store', ({ kind, path }) => kind === 'syncDirectory' && path.includes('store/cas')],
  ['the fsync of CURRENT.tmp', ({ kind, path }) => kind === 'fsync' && path.includes('CURRENT')],
  ['the fsync of published models', ({ kind, path }) => kind === 'fsync' && path.includes('_model/'), true],
  ['the sync of published folders', ({ kind, path }) => kind === 'syncDirectory' && path.includes('_model'), true],
  ['the fsync of the published pointer', ({ kind, path }) => kind === 'fsync' && path.includes('pointer.json'), true],
]
for (const [what, forgotten, publishing = false] of planted) {
  test(`planted: whoever forgets ${what} is caught by a power loss`, async t => {
    const recording = await (publishing ? recordPublishing([a], b) : record([a], installing(b)))
    const operations = recording.operations.filter(operation => !forgotten(operation))
    // The database's moments are counted in the operations that were really made.
    const registryAt = () => recording.registryAt(0)
    const violation = publishing ? violationInTree : violationOf
    const count = await examine({ ...recording, operations, registryAt }, digests, { violation, first: true })
    assert.ok(count.violations.length > 0, `${count.states} states without a violation`)
    t.diagnostic(`${what}: found in state ${count.states}: ${count.violations[0]}`)
  })
}
