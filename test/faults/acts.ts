// The four things that change what is in charge or what is published, each ready to be broken at any point: on a disk in memory, or
// on a real one in a process that gets killed.

import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { filesPublisher } from '../../src/adapters/files/publisher.ts'
import type { Disk } from '../../src/base/disk.ts'
import { type Outcome, unwrap } from '../../src/base/fault.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { readManifest } from '../../src/release/manifest.ts'
import { sealPointer } from '../../src/release/pointer.ts'
import { publishRelease } from '../../src/release/publish.ts'
import type { ReleaseMembers } from '../../src/release/release.ts'
import { pruneBackups } from '../../src/serving/backups.ts'
import { collectStore } from '../../src/serving/collect.ts'
import { syncOnce } from '../../src/serving/fixtures/bot.ts'
import { KEY, memorySource, NOW, tinyRelease } from '../../src/serving/fixtures/release.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { rollBack } from '../../src/serving/rollback.ts'

export type Act = 'install' | 'rollback' | 'collect' | 'publish'
export const ACTS: readonly Act[] = ['install', 'rollback', 'collect', 'publish']

export const HISTORY = 5

/** Releases of one channel, one after the other; the seed gives them their weights. */
export function releasesOf(seed: number): readonly BuiltRelease[] {
  const made = [tinyRelease({ seed })]
  while (made.length <= HISTORY) made.push(tinyRelease({ seed: seed + made.length, after: made.at(-1)! }))
  return made
}

export type Expected = {
  /** How many releases are installed, or published, before the act. */
  readonly before: number
  /** In charge before the act, and after it. */
  readonly old: string
  readonly new: string
}

/** What an act starts from and ends with, of the releases of one seed. */
export function expectedOf(act: Act, releases: readonly BuiltRelease[]): Expected {
  const digest = (index: number) => releases[index]!.manifestSha256
  if (act === 'publish') return { before: 1, old: digest(0), new: digest(1) }
  if (act === 'collect') return { before: HISTORY, old: digest(HISTORY - 1), new: digest(HISTORY - 1) }
  if (act === 'rollback') return { before: 3, old: digest(2), new: digest(1) }
  return { before: 3, old: digest(2), new: digest(3) }
}

/** Installs releases one after the other and removes nothing, so that a collection has something to do. */
export async function hoard(installation: Installation, releases: readonly BuiltRelease[]): Promise<void> {
  const store = { ...installation.store, collect: () => Promise.resolve([]) }
  const source = memorySource(releases[0]!.files)
  for (const { files } of releases) {
    source.offer(files)
    assert.equal((await syncOnce({ ...installation, store, backupsKept: 100 }, source)).installed, 1)
  }
}

export async function install(installation: Installation, files: ReleaseMembers): Promise<void> {
  const { installed, refused } = await syncOnce(installation, memorySource(files))
  assert.equal(installed, 1, refused.map(({ code, detail }) => `${code} ${detail}`).join())
}

export async function takeBack(installation: Installation): Promise<void> {
  const done = unwrap(await rollBack({ cause: 'F7: drawdown', proven: true }, installation))
  assert.ok(done.durable, 'the rollback is not durable')
}

/** s16 and s17 alone, as they follow an install. */
export async function collect(installation: Installation): Promise<readonly string[]> {
  const held = unwrap(await installation.lock.acquire('collect'))
  try {
    await pruneBackups(installation)
    return await installation.lock.alone(() => collectStore(installation))
  } finally {
    await held.release()
  }
}

/** A disk whose paths begin here, for publishers, which make every path absolute. */
export function fromHere(disk: Disk): Disk {
  const here = (path: string) => relative('.', path)
  return {
    ...disk,
    read: (path, limit) => disk.read(here(path), limit),
    create: (path, mode) => disk.create(here(path), mode),
    rename: (from, to) => disk.rename(here(from), here(to)),
    remove: path => disk.remove(here(path)),
    makeDirectory: (path, mode) => disk.makeDirectory(here(path), mode),
    syncDirectory: path => disk.syncDirectory(here(path)),
    stat: path => disk.stat(here(path)),
  }
}

type Tree = { readonly disk: Disk; readonly root: string }

/** Without a lock of its own: whoever runs this is alone. */
const alone = <T>(_path: string, work: () => Promise<T>): Promise<T> => work()

export async function publish(
  { disk, root }: Tree,
  files: ReleaseMembers,
  lock: Parameters<typeof filesPublisher>[0]['lock'] = alone,
): Promise<Outcome<unknown>> {
  const publisher = filesPublisher({ disk, root, lock })
  const manifestBytes = files.get('manifest.json')!
  const { label } = unwrap(readManifest(manifestBytes))
  const pointerBytes = unwrap(sealPointer(manifestBytes, { keys: [KEY], nowMs: NOW, publishIntervalMs: 45 * 60_000 }))
  const wanted = new Map([...files].filter(([name]) => name !== 'pointer.json'))
  const { signal } = new AbortController()
  return publishRelease({ publisher, files: wanted, label, pointerBytes, signal })
}
