// Cases 83 and 84: every call of the disk during an install, a rollback, a collection and a publishing fails, once and from then on, with
// a full disk and with an I/O error. What is named stays whole; nothing is left half done; nothing fails silently.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk, OpenFile } from '../../src/base/disk.ts'
import { Fault, unwrap } from '../../src/base/fault.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { type DiskImage, memoryDisk } from '../../src/serving/fixtures/memory-disk.ts'
import { memorySource } from '../../src/serving/fixtures/release.ts'
import { faultOf, type Installation } from '../../src/serving/installation.ts'
import { type Host, writerLock } from '../../src/serving/lock.ts'
import { memoryRegistry, type RegistryState } from '../../src/serving/memory-registry.ts'
import { rollBack } from '../../src/serving/rollback.ts'
import { type Act, collect, expectedOf, fromHere, hoard, publish, releasesOf } from './acts.ts'
import { type Bug, plantedDisk } from './planted.ts'
import { checkImage } from './state-check.ts'
import { checkTree } from './tree-check.ts'

/** The quick set strikes at each so many-th call. */
const QUICK: Readonly<Record<Act, number>> = { install: 13, rollback: 3, collect: 3, publish: 5 }
const strideOf = (act: Act): number => (process.env['RATCHET_LONG'] === '1' ? 1 : QUICK[act])
const releases = releasesOf(1)
const TREE = 'tree'

/** The process after the one that failed: that one is gone. */
const LATER: Host = { self: { pid: 2, bootId: 'boot', startedAt: '2' }, isRunning: ({ pid }) => pid === 2 }

type Call = { readonly method: string; readonly path: string }

/** Calls `strike` before every call, of files too. */
function strikingDisk(disk: Disk, strike: (call: Call) => void): Disk {
  const struck = <T extends object>(target: T, pathOf: (args: readonly unknown[]) => string): T =>
    new Proxy(target, {
      get(_, key) {
        const method = Reflect.get(target, key) as ((...args: unknown[]) => Promise<unknown>) | undefined
        if (method === undefined) return undefined
        return async (...args: unknown[]) => {
          const path = pathOf(args)
          strike({ method: String(key), path })
          const result = await method.apply(target, args)
          return key === 'create' ? struck(result as OpenFile, () => path) : result
        }
      },
    })
  return struck(disk, args => String(args.at(0)))
}

type Prepared = { readonly image: DiskImage; readonly saved: RegistryState }

const copy = (image: DiskImage): DiskImage =>
  new Map([...image].map(([path, bytes]) => [path, bytes === null ? null : Uint8Array.from(bytes)]))

async function prepared(act: Act): Promise<Prepared> {
  const disk = memoryDisk(new Map([[TREE, null]]))
  const installation = installationOn({ disk })
  const before = releases.slice(0, expectedOf(act, releases).before)
  if (act === 'publish')
    for (const { files } of before) unwrap(await publish({ disk: fromHere(disk), root: TREE }, files))
  else {
    unwrap(await bootSlot(installation))
    await hoard(installation, before)
  }
  return { image: disk.image(), saved: installation.registry.save() }
}

/** Does the act; gives what it told of a failure, or undefined where it said that all went well. */
async function done(act: Act, disk: Disk, installation: Installation): Promise<string | undefined> {
  const { files } = releases[expectedOf(act, releases).before]!
  try {
    if (act === 'install') {
      const { installed, refused } = await syncOnce(installation, memorySource(files))
      return installed === 1 ? undefined : (refused[0]?.code ?? '')
    }
    if (act === 'collect') return void (await collect(installation))
    if (act === 'rollback') {
      const back = unwrap(await rollBack({ cause: 'F7', proven: true }, installation))
      return back.durable ? undefined : 'not durable'
    }
    const published = await publish({ disk: fromHere(disk), root: TREE }, files)
    return published.ok ? undefined : published.fault.code
  } catch (cause) {
    return faultOf(cause).code
  }
}

type Strike = { readonly code: string; readonly from: number; readonly persistent: boolean; readonly bug?: Bug }
type Run = { readonly told: string | undefined; readonly hit: Call | undefined }

async function run(act: Act, { image, saved }: Prepared, { code, from, persistent, bug }: Strike): Promise<Run> {
  const inner = memoryDisk(copy(image))
  let [armed, calls] = [false, 0]
  let hit: Call | undefined
  const striking = strikingDisk(inner, call => {
    // A close that fails changes nothing, and the disk's contract has no fault for it.
    if (!armed || call.method === 'close') return
    const strikes = persistent ? calls >= from : calls === from
    calls++
    if (!strikes) return
    hit ??= call
    throw new Fault(code, `injected at call ${calls - 1}: ${call.method}`, { place: call.path })
  })
  const disk = plantedDisk(striking, bug)
  const registry = memoryRegistry(saved)
  const installation = installationOn({ disk, registry, backupsKept: 2 })
  if (act !== 'publish') unwrap(await bootSlot(installation))
  armed = true
  const told = await done(act, disk, installation)
  armed = false
  const where = `${act}, ${code} at call ${from}${persistent ? ' and after' : ''} (${hit?.method} ${hit?.path})`
  if (act === 'publish') await judgeTree(inner, told, where)
  else await judgeBot(act, inner, installation, { told, hit, persistent, where })
  return { told, hit }
}

/** Readers have a whole release; whoever was told that all went well has the new one; again it succeeds. */
async function judgeTree(inner: ReturnType<typeof memoryDisk>, told: string | undefined, where: string): Promise<void> {
  const expected = expectedOf('publish', releases)
  const verdict = checkTree(inner.image(), TREE)
  const sides: readonly string[] = told === undefined ? [expected.new] : [expected.old, expected.new]
  assert.ok(verdict.kind === 'whole' && sides.includes(verdict.digest), `${where}: ${JSON.stringify(verdict)}`)
  unwrap(await publish({ disk: fromHere(inner), root: TREE }, releases[expected.before]!.files))
  assert.deepEqual(checkTree(inner.image(), TREE), { kind: 'whole', digest: expected.new }, where)
}

type Facts = Run & { readonly persistent: boolean; readonly where: string }

async function judgeBot(
  act: Act,
  inner: ReturnType<typeof memoryDisk>,
  installation: ReturnType<typeof installationOn>,
  { told, hit, persistent, where }: Facts,
): Promise<void> {
  const expected = expectedOf(act, releases)
  const inCharge = installation.slot.current()?.digest
  // A rollback takes the bad set out of memory whatever the disk does; anything else that failed keeps the old one.
  const wanted = act === 'rollback' || told === undefined ? expected.new : expected.old
  assert.equal(inCharge, wanted, where)
  const verdict = checkImage(inner.image())
  assert.ok(verdict.kind === 'whole', `${where}: ${JSON.stringify(verdict)}`)
  if (told === undefined) assert.equal(verdict.digest, expected.new, `${where}: silent`)
  if (act === 'install' && !persistent && !(hit?.method === 'remove' && hit.path.includes('.staging'))) {
    assert.equal(await inner.stat('bot/models/.staging'), undefined, `${where}: staging is left`)
  }
  // The start after that finds a whole set; where the disk works, the one that was in charge.
  const { registry } = installation
  const next = installationOn({
    disk: inner,
    registry,
    lock: writerLock(inner, 'bot/state/lock', LATER),
  })
  const booted = unwrap(await bootSlot(next))
  assert.equal(booted.state, 'active', `${where}: ${booted.notes.join('; ')}`)
  if (!persistent) assert.equal(next.slot.current()?.digest, inCharge, where)
  assert.equal(await inner.stat('bot/models/.staging'), undefined, where)
}

/** How many calls at least an act makes. */
const CALLS: Readonly<Record<Act, number>> = { install: 350, rollback: 20, collect: 30, publish: 60 }
const NUMBERS = { DISK_FULL: 83, DISK_IO: 84 } as const

for (const [code, number] of Object.entries(NUMBERS)) {
  for (const act of ['install', 'rollback', 'collect', 'publish'] as const) {
    for (const persistent of [false, true]) {
      const often = persistent ? 'from then on' : 'once'
      test(`fault ${number}: ${code} at each disk call of ${act}, ${often}: 0 corrupt, 0 silent`, async t => {
        const state = await prepared(act)
        const counts = { told: 0, done: 0 }
        for (let from = 0; ; from += strideOf(act)) {
          const { told, hit } = await run(act, state, { code, from, persistent })
          if (hit === undefined) {
            assert.equal(told, undefined, 'an undisturbed run ends well')
            break
          }
          counts[told === undefined ? 'done' : 'told']++
        }
        const struck = counts.told + counts.done
        assert.ok(struck * strideOf(act) > CALLS[act] && counts.told > 0, JSON.stringify(counts))
        t.diagnostic(
          `${act}, ${code} ${often}: ${struck} struck, ${counts.told} told, ${counts.done} ended well, 0 corrupt`,
        )
      })
    }
  }
}

for (const act of ['install', 'publish'] as const) {
  test(`planted: a failed rename that is taken for a done one is caught in ${act}`, async t => {
    const state = await prepared(act)
    for (let from = 0; ; from++) {
      const strike = { code: 'DISK_IO', from, persistent: false, bug: 'failure swallowed' } as const
      const ended = await run(act, state, strike).catch((cause: unknown) => cause)
      if (ended instanceof Error) {
        t.diagnostic(ended.message.slice(0, 200))
        return
      }
      assert.ok((ended as Run).hit !== undefined, 'the whole act was struck and nothing was found')
    }
  })
}
