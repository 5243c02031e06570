import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { BuiltRelease } from './build.ts'
import { built } from './fixtures/built.ts'
import { CURRENT_PATH, POINTER_PATH, publishedPath } from './layout.ts'
import { mirroredSource } from './mirrors.ts'
import { checkReleaseSource } from './source.checks.ts'
import type { ReleaseSource } from './source.ts'

const never = new AbortController().signal
const one = built({ version: 4, seed: 4 })
const two = built({ version: 5, seed: 5 })
const META = publishedPath('models/meta.onnx', one.manifest.label)

type Tree = ReleaseSource & { put(release: BuiltRelease): void; break(fault: Fault | undefined): void; asked: number }

/** A published tree in memory that can be broken. */
function tree(release: BuiltRelease, place = 'memory'): Tree {
  const files = new Map<string, Uint8Array>()
  let broken: Fault | undefined
  const source: Tree = {
    asked: 0,
    put({ files: members, manifest, pointerBytes, currentBytes }) {
      for (const [name, bytes] of members) files.set(publishedPath(name, manifest.label), bytes)
      files.set(CURRENT_PATH, currentBytes)
      files.set(POINTER_PATH, pointerBytes)
    },
    break: fault => (broken = fault),
    describe: () => ({ kind: 'memory', place }),
    async discover(cursor, signal) {
      source.asked++
      signal.throwIfAborted()
      if (broken !== undefined) throw broken
      const seen = sha256(files.get(POINTER_PATH)!)
      if (seen === cursor) return { kind: 'notModified', cursor }
      return {
        kind: 'found',
        cursor: seen,
        candidates: [{ layout: 'tree', root: '', pointer: { path: POINTER_PATH } }],
      }
    },
    async *open({ path }, { offset, limit }, signal) {
      signal.throwIfAborted()
      const bytes = files.get(path)
      if (bytes === undefined) throw new Fault('FILE_MISSING', 'is not there', { place: path })
      yield bytes.subarray(offset, offset + limit)
    },
  }
  source.put(release)
  return source
}

checkReleaseSource('two mirrors', async () => {
  const mirrors = [tree(one, 'a'), tree(one, 'b')] as const
  return {
    source: mirroredSource({ sources: mirrors, clock: replayClock(0) }),
    publish: async () => mirrors[1].put(two),
    object: { path: `1/${META}` },
    bytes: one.files.get('models/meta.onnx')!,
    missing: { path: '1/models/none' },
    close: async () => undefined,
  }
})

const roots = async (source: ReleaseSource, cursor?: string): Promise<string> => {
  const found = await source.discover(cursor, never)
  return found.kind === 'found' ? found.candidates.map(({ root }) => root).join(' ') : found.kind
}

test('the highest claimed version comes first, and of equals the first named', async () => {
  const sources = [tree(one), tree(two), tree(two), tree(one)]
  assert.equal(await roots(mirroredSource({ sources, clock: replayClock(0) })), '1 2 0 3')
})

test('a mirror that fails is ejected for 30 s, then for longer, at most 5 minutes; an accepted release forgives it', async () => {
  const clock = replayClock(0)
  const [good, bad] = [tree(one), tree(one)]
  const source = mirroredSource({ sources: [good, bad], clock })
  bad.break(new Fault('SOURCE_UNREACHABLE', 'gone'))
  const ejections: number[] = []
  for (let n = 0; n < 12; n++) {
    await roots(source)
    const { asked } = bad
    const began = clock.now()
    while (bad.asked === asked) {
      clock.advanceTo(clock.now() + 1_000)
      await roots(source)
    }
    ejections.push((clock.now() - began) / 1_000)
    if (n === 10) {
      bad.break(undefined)
      clock.advanceTo(clock.now() + 300_000)
      await roots(source)
      source.judged?.({ layout: 'tree', root: '1', pointer: { path: `1/${POINTER_PATH}` } }, undefined)
      bad.break(new Fault('SOURCE_UNREACHABLE', 'gone'))
    }
  }
  assert.deepEqual(ejections, [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 30])
})

test('the last mirror is asked however often it failed', async () => {
  const clock = replayClock(0)
  const sources = [tree(one), tree(one)]
  for (const mirror of sources) mirror.break(new Fault('SOURCE_UNREACHABLE', 'gone'))
  const source = mirroredSource({ sources, clock })
  for (let n = 0; n < 5; n++) await assert.rejects(roots(source), { code: 'SOURCE_UNREACHABLE' })
  assert.equal(sources[0]!.asked + sources[1]!.asked, 6)
  sources[0]!.break(undefined)
  sources[1]!.break(undefined)
  assert.match(await roots(source), /^[01]$/)
})

test('what it sent speaks against a mirror; that a gate refused it does not', async () => {
  const sources = [tree(two), tree(one)]
  const source = mirroredSource({ sources, clock: replayClock(0) })
  const candidate = { layout: 'tree' as const, root: '0', pointer: { path: `0/${POINTER_PATH}` } }
  for (const code of ['GATE_REFUSED', 'RELEASE_BLOCKED', 'ROLLBACK', 'FREEZE', 'DISK_FULL', 'INSTALL_BUSY']) {
    source.judged?.(candidate, new Fault(code, 'x'))
    assert.equal(await roots(source), '0 1', code)
  }
  source.judged?.(candidate, new Fault('MEMBER_HASH', 'x'))
  assert.equal(await roots(source), '1')
})

test('a pointer that is none counts as a failure of its mirror', async () => {
  const bad = tree(one)
  bad.put({ ...one, pointerBytes: new TextEncoder().encode('<h1>It works!</h1>') })
  const source = mirroredSource({ sources: [bad, tree(one)], clock: replayClock(0) })
  assert.equal(await roots(source), '1')
})
