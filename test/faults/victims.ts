// State directories to break, and the judgement over what a kill left: what is named must be whole, the next start must have a whole set
// in charge and leave nothing half done, and the start after that must change nothing.

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { unwrap } from '../../src/base/fault.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { contentStore } from '../../src/release/store.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn } from '../../src/serving/fixtures/bot.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { writerLock } from '../../src/serving/lock.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { type Act, expectedOf, hoard, publish, releasesOf } from './acts.ts'
import { fileRegistry } from './file-registry.ts'
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

const CHILD = fileURLToPath(new URL('acting-child.ts', import.meta.url))

/** An installation on a real directory, with a slot of its own as after a start of the process. */
export async function installationIn(state: string): Promise<Installation> {
  const disk = nodeDisk()
  const paths = statePaths(state)
  const parts = { store: contentStore(disk, paths.store), lock: writerLock(disk, paths.lock, systemHost()) }
  return installationOn({ disk, paths, registry: await fileRegistry(disk, join(state, 'registry.json')), ...parts })
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
    const installation = await installationIn(base)
    unwrap(await bootSlot(installation))
    await hoard(installation, releases.slice(0, expected.before))
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

  async function judgeBot(state: string, where: string): Promise<Judged> {
    const left = readImage(state)
    const verdict = checkImage(left)
    assert.ok(verdict.kind === 'whole' && sides.has(verdict.digest), `${where}: ${JSON.stringify(verdict)}`)
    const started = performance.now()
    const installation = await installationIn(state)
    const booted = unwrap(await bootSlot(installation))
    const recoveryMs = performance.now() - started
    const inCharge = installation.slot.current()?.digest
    // A rollback that was begun is finished; nothing else changes hands at a start.
    const begun = left.has('bot/state/rollback.json')
    assert.equal(booted.state, 'active', `${where}: ${booted.notes.join('; ')}`)
    assert.equal(inCharge, begun ? expected.new : verdict.digest, `${where}: ${booted.notes.join('; ')}`)
    await booted.healthy()
    const image = readImage(state)
    assert.deepEqual(checkImage(image), { kind: 'whole', digest: inCharge }, where)
    const half = [...image.keys()].filter(path => /\.staging|bot\/state\/(?:rollback\.json|.*\.tmp)$/.test(path))
    assert.deepEqual(half, [], `${where}: something half done is left`)
    const events = await installation.registry.events()
    const again = await installationIn(state)
    unwrap(await bootSlot(again))
    assert.equal(again.slot.current()?.digest, inCharge, `${where}: the second start flips`)
    assert.equal((await again.registry.events()).length, events.length, `${where}: the second start writes history`)
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
