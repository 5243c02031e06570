// State directories to break, and the judgement over what a kill left: what is named must be whole, the next start must have a whole set
// in charge and leave nothing half done, and the start after that must change nothing.

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { sqlRegistry } from '../../src/adapters/sql/registry.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { unwrap } from '../../src/base/fault.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { contentStore } from '../../src/release/store.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { memorySource } from '../../src/serving/fixtures/release.ts'
import { handoversOf, verifyHistory } from '../../src/serving/history.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { writerLock } from '../../src/serving/lock.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { type Act, expectedOf, hoard, publish, releasesOf } from './acts.ts'
import { readImage } from './read-image.ts'
import { checkImage } from './state-check.ts'
import { checkTree } from './tree-check.ts'

export type Victims = {
  readonly act: Act
  readonly seed: number
  /** A state directory of its own, as it is before the act. */
  fresh(): string
  /** The arguments of the child that acts on it. */
  argumentsOf(state: string): string[]
  /** Judges what is left and gives which side of the act it was; throws where something is corrupt. The directory goes. */
  judge(state: string, where: string): Promise<Judged>
  remove(): void
}

export type Judged = { readonly side: 'old' | 'new'; readonly recoveryMs: number }

/** Staging, the intent of a rollback, and files on their way to their place. */
const HALF = /\.staging|bot\/state\/(?:rollback\.json|.*\.tmp)$/

const CHILD = fileURLToPath(new URL('acting-child.ts', import.meta.url))

/** Works on an installation on a real directory and its database, with a slot of its own as after a start of the process. */
export async function withBot<T>(state: string, work: (bot: Installation) => Promise<T>): Promise<T> {
  const disk = nodeDisk()
  const paths = statePaths(state)
  const parts = { store: contentStore(disk, paths.store), lock: writerLock(disk, paths.lock, systemHost()) }
  const database = await openDatabase(join(state, 'ratchet.db'))
  try {
    return await work({ ...installationOn({ disk, paths, ...parts }), registry: sqlRegistry(database) })
  } finally {
    await database.destroy()
  }
}

export async function victims(act: Act, seed: number): Promise<Victims> {
  const root = mkdtempSync(join(tmpdir(), `ratchet-kill-${act}-`))
  const base = join(root, 'base')
  mkdirSync(base)
  const releases = releasesOf(seed)
  const expected = expectedOf(act, releases)
  if (act === 'publish') {
    const tree = { disk: nodeDisk(), root: join(base, 'tree') }
    for (const release of releases.slice(0, expected.before)) unwrap(await publish(tree, release.files))
  } else {
    await withBot(base, async bot => {
      unwrap(await bootSlot(bot))
      await hoard(bot, releases.slice(0, expected.before))
    })
  }
  const release = join(root, 'release')
  await writeReleaseDirectory(nodeDisk(), release, releases[expected.before]!.files)
  let copies = 0

  async function judgeTree(state: string, where: string): Promise<Judged> {
    const verdict = checkTree(readImage(state), 'bot/tree')
    assert.ok(verdict.kind === 'whole' && sides.has(verdict.digest), `${where}: ${JSON.stringify(verdict)}`)
    // Publishing again finishes what was begun.
    const started = performance.now()
    unwrap(await publish({ disk: nodeDisk(), root: join(state, 'tree') }, releases[expected.before]!.files))
    const recoveryMs = performance.now() - started
    const image = readImage(state)
    assert.deepEqual(checkTree(image, 'bot/tree'), { kind: 'whole', digest: expected.new }, where)
    const left = [...image.keys()].filter(path => path.endsWith('.tmp'))
    assert.deepEqual(left, [], `${where}: a half file is left`)
    return { side: verdict.digest === expected.old ? 'old' : 'new', recoveryMs }
  }

  /** Whatever the kill left, the same release can be offered again, and is in charge then, whole. */
  async function installAgain(bot: Installation, where: string): Promise<void> {
    const { refused } = await syncOnce(bot, memorySource(releases[expected.before]!.files))
    assert.deepEqual(refused, [], `${where}: the release is not taken again`)
    assert.deepEqual(checkImage(readImage(bot.paths.root)), { kind: 'whole', digest: expected.new }, where)
    assert.equal(bot.slot.current()?.digest, expected.new, `${where}: after installing again`)
  }

  async function judgeBot(state: string, where: string): Promise<Judged> {
    const left = readImage(state)
    const verdict = checkImage(left)
    assert.ok(verdict.kind === 'whole' && sides.has(verdict.digest), `${where}: ${JSON.stringify(verdict)}`)
    // A rollback that was begun is finished; nothing else changes hands at a start.
    const inCharge = left.has('bot/state/rollback.json') ? expected.new : verdict.digest
    const started = performance.now()
    const { recoveryMs, events } = await withBot(state, async bot => {
      const booted = unwrap(await bootSlot(bot))
      const tookMs = performance.now() - started
      assert.equal(booted.state, 'active', `${where}: ${booted.notes.join('; ')}`)
      assert.equal(bot.slot.current()?.digest, inCharge, `${where}: ${booted.notes.join('; ')}`)
      await booted.healthy()
      return { recoveryMs: tookMs, events: (await bot.registry.events()).length }
    })
    const image = readImage(state)
    assert.deepEqual(checkImage(image), { kind: 'whole', digest: inCharge }, where)
    const half = [...image.keys()].filter(path => HALF.test(path))
    assert.deepEqual(half, [], `${where}: something half done is left`)
    await withBot(state, async bot => {
      unwrap(await bootSlot(bot))
      assert.equal(bot.slot.current()?.digest, inCharge, `${where}: the second start flips`)
      const lines = await bot.registry.events()
      assert.equal(lines.length, events, `${where}: the second start writes history`)
      verifyHistory(lines)
      const last = handoversOf(lines, bot.slot.name).at(-1)
      assert.equal(last?.to, inCharge, `${where}: the history does not say what is in charge`)
      if (act === 'install') await installAgain(bot, where)
    })
    return { side: verdict.digest === expected.old ? 'old' : 'new', recoveryMs }
  }

  const sides = new Set([expected.old, expected.new])
  return {
    act,
    seed,
    fresh() {
      const state = join(root, `state-${copies++}`)
      cpSync(base, state, { recursive: true })
      return state
    },
    argumentsOf: state => [CHILD, state, act, release],
    async judge(state, where) {
      const judged = await (act === 'publish' ? judgeTree(state, where) : judgeBot(state, where))
      rmSync(state, { recursive: true })
      return judged
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

export type Count = { killed: number; old: number; new: number; slowestMs: number }

export const noKills = (): Count => ({ killed: 0, old: 0, new: 0, slowestMs: 0 })

export function counted(count: Count, { side, recoveryMs }: Judged): void {
  count.killed++
  count[side]++
  count.slowestMs = Math.max(count.slowestMs, recoveryMs)
}

/** For the line that a test prints: whoever is corrupt stops the test, so that what is counted is sound. */
export const told = ({ killed, old, new: fresh, slowestMs }: Count): string =>
  `killed ${killed}, old ${old}, new ${fresh}, corrupt 0, slowest recovery ${slowestMs.toFixed(0)} ms`
