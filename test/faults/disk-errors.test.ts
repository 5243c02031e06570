// Cases 83 and 84: every call of the disk during an install fails, once and from then on, with a full disk and with an I/O error.
// The model in charge stays or the new one is whole; nothing is left in staging; nothing fails silently.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk, OpenFile } from '../../src/base/disk.ts'
import { Fault, unwrap } from '../../src/base/fault.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { type DiskImage, memoryDisk } from '../../src/serving/fixtures/memory-disk.ts'
import { memorySource, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { type Host, writerLock } from '../../src/serving/lock.ts'
import { memoryRegistry } from '../../src/serving/memory-registry.ts'
import { checkImage } from './state-check.ts'

const old = tinyRelease({ seed: 1 })
const fresh = tinyRelease({ seed: 2, after: old })

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

async function prepared() {
  const disk = memoryDisk()
  const installation = installationOn({ disk })
  unwrap(await bootSlot(installation))
  assert.equal((await syncOnce(installation, memorySource(old.files))).installed, 1)
  return { image: disk.image(), saved: installation.registry.save() }
}

type Prepared = Awaited<ReturnType<typeof prepared>>

const copy = (image: DiskImage): DiskImage =>
  new Map([...image].map(([path, bytes]) => [path, bytes === null ? null : Uint8Array.from(bytes)]))

type Run = { readonly calls: number; readonly outcome: 'kept' | 'installed'; readonly hit: Call | undefined }

async function run({ image, saved }: Prepared, code: string, from: number, persistent: boolean): Promise<Run> {
  const inner = memoryDisk(copy(image))
  let [armed, calls] = [false, 0]
  let hit: Call | undefined
  const disk = strikingDisk(inner, call => {
    // A close that fails changes nothing, and the disk's contract has no fault for it.
    if (!armed || call.method === 'close') return
    const strikes = persistent ? calls >= from : calls === from
    calls++
    if (!strikes) return
    hit ??= call
    throw new Fault(code, `injected at call ${calls - 1}: ${call.method}`, { place: call.path })
  })
  const registry = memoryRegistry(saved)
  const installation = installationOn({ disk, registry })
  unwrap(await bootSlot(installation))
  armed = true
  const result = await syncOnce(installation, memorySource(fresh.files))
  armed = false
  const where = `${code} at call ${from}${persistent ? ' and after' : ''} (${hit?.method} ${hit?.path})`
  const inCharge = installation.slot.current()?.digest
  assert.equal(inCharge, result.installed ? fresh.manifestSha256 : old.manifestSha256, where)
  if (result.installed === 0) assert.ok(result.refused.length > 0, `${where}: silent`)
  const verdict = checkImage(inner.image())
  assert.ok(verdict.kind === 'whole', `${where}: ${JSON.stringify(verdict)}`)
  if (!persistent && !(hit?.method === 'remove' && hit.path.includes('.staging'))) {
    assert.equal(await inner.stat('bot/models/.staging'), undefined, `${where}: staging is left`)
  }
  // The start after that finds a whole set; where the disk works, the one that was in charge.
  const next = installationOn({ disk: inner, registry, lock: writerLock(inner, 'bot/state/lock', LATER) })
  const booted = unwrap(await bootSlot(next))
  assert.equal(booted.state, 'active', `${where}: ${booted.notes.join('; ')}`)
  if (!persistent) assert.equal(next.slot.current()?.digest, inCharge, where)
  assert.equal(await inner.stat('bot/models/.staging'), undefined, where)
  return { calls, outcome: result.installed ? 'installed' : 'kept', hit }
}

for (const code of ['DISK_FULL', 'DISK_IO']) {
  for (const persistent of [false, true]) {
    test(`${code} at each disk call of an install, ${persistent ? 'from then on' : 'once'}`, async t => {
      const state = await prepared()
      const counts = { kept: 0, installed: 0 }
      let struck = 0
      for (let from = 0; ; from++) {
        const { outcome, hit } = await run(state, code, from, persistent)
        if (hit === undefined) {
          assert.equal(outcome, 'installed', 'an undisturbed run installs')
          break
        }
        struck++
        counts[outcome]++
      }
      assert.ok(struck > 100, `${struck} calls`)
      // Before the commit point the old set stays; after it only tidying can fail.
      assert.ok(counts.kept > counts.installed && counts.installed > 0, JSON.stringify(counts))
      t.diagnostic(
        `${code} ${persistent ? 'persistent' : 'once'}: ${struck} struck, ${counts.kept} kept, ${counts.installed} installed, 0 corrupt`,
      )
    })
  }
}
