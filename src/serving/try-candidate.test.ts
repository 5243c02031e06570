// What a probe and a warm-up decide of an install: quarantine, another try, or the swap.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onnxRuntimeProbe } from '../adapters/onnxruntime/probe.ts'
import { refused } from '../base/fault.ts'
import { bot } from './fixtures/bot.ts'
import { fakeProbe } from './fixtures/probe.ts'
import { memorySource, SCHEMA, tinyRelease } from './fixtures/release.ts'
import { GATE_LIMITS } from './gates/limits.ts'
import type { SyncResult } from './updater.ts'

const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })
const again = tinyRelease({ seed: 2, after: second })

const latencyOf = (result: SyncResult) => result.gateReport?.results.find(({ gate }) => gate === 'G11')

test('a release is installed on the figures of a real process, and the set in charge is measured beside the next', async () => {
  const { sync } = await bot({ probe: onnxRuntimeProbe({ timedRows: 100 }) })
  const source = memorySource(first.files)
  const alone = await sync(source)
  assert.deepEqual([alone.installed, latencyOf(alone)?.result], [1, 'pass'])
  assert.match(String(latencyOf(alone)?.value), /^p95 [\d.]+ ms, p99 [\d.]+ ms, \d+ MiB$/)
  source.offer(second.files)
  const next = await sync(source)
  assert.deepEqual([next.installed, latencyOf(next)?.reason], [1, undefined])
})

test('fault 61: what breaks the probe is quarantined with its models and never tried again, under whatever version', async () => {
  const probe = fakeProbe(run =>
    run === 1 ? refused('MODEL_PROBE_FAILED', 'the probe failed: SIGSEGV', { place: 'meta' }) : {},
  )
  const { installation, registry, sync, lines } = await bot({ probe })
  const source = memorySource(first.files)
  await sync(source)
  source.offer(second.files)
  const broken = await sync(source)
  assert.deepEqual(
    [broken.installed, broken.inCharge, broken.refused.map(({ code }) => code)],
    [0, first.releaseId, ['MODEL_PROBE_FAILED']],
  )
  const states = new Map((await registry.releases()).map(({ digest, state }) => [digest, state]))
  assert.equal(states.get(second.manifestSha256), 'quarantined')
  assert.equal((await registry.blockOf(second.manifestSha256))?.code, 'MODEL_PROBE_FAILED')
  assert.equal((await registry.events()).at(-1)?.event, 'refused')
  assert.ok(lines.some(line => /model\.quarantined .*meta: the probe failed: SIGSEGV/.test(line)))
  const { runs } = probe
  assert.deepEqual((await sync(source)).refused, [])
  source.offer(again.files)
  assert.deepEqual(
    (await sync(source)).refused.map(({ code }) => code),
    ['RELEASE_BLOCKED'],
  )
  assert.equal(probe.runs, runs, 'nothing was probed again')
  assert.equal(installation.slot.current()?.digest, first.manifestSha256)
})

test('fault 63: a slow model is measured five times before it is refused, and a disturbed measurement once more', async () => {
  const slow = fakeProbe(() => ({ p95Ms: 60, p99Ms: 80 }))
  const tried = await bot({ probe: slow })
  const result = await tried.sync(memorySource(first.files))
  assert.deepEqual([result.installed, result.refused[0]?.code, result.refused[0]?.file], [0, 'GATE_REFUSED', 'G11'])
  assert.equal(slow.runs, 5)
  const disturbed = fakeProbe(run => (run === 0 ? { p95Ms: 60, p99Ms: 80 } : {}))
  const { sync } = await bot({ probe: disturbed })
  assert.equal((await sync(memorySource(first.files))).installed, 1)
  assert.equal(disturbed.runs, 2)
})

test('a model three times as slow as the one in charge is refused', async () => {
  const probe = fakeProbe(run => ({ p99Ms: run % 2 === 1 ? 4.1 : 1 }))
  const { sync } = await bot({ probe })
  const source = memorySource(first.files)
  await sync(source)
  source.offer(second.files)
  assert.match((await sync(source)).refused[0]?.detail ?? '', /that of the set in charge 1\.000 ms/)
})

test('where no process can be had paper goes on unmeasured, and live waits for the next pass', async () => {
  const none = () => refused('PROBE_UNAVAILABLE', 'no process with onnxruntime can be had here')
  const paper = await bot({ probe: fakeProbe(none) })
  const result = await paper.sync(memorySource(first.files))
  assert.deepEqual([result.installed, latencyOf(result)?.result], [1, 'notApplicable'])
  const { installation, sync } = await bot({ probe: fakeProbe(none) })
  const live = await sync(memorySource(first.files), {
    gateContext: (release, candidate, champion) => ({
      release: { ...release, manifest: { ...release.manifest, audience: { profile: 'live', symbols: ['SPX'] } } },
      candidate,
      champion,
      profile: 'live',
      symbol: 'SPX',
      features: SCHEMA,
      limits: GATE_LIMITS,
    }),
  })
  assert.deepEqual(
    live.refused.map(({ code }) => code),
    ['PROBE_UNAVAILABLE'],
  )
  assert.deepEqual(await installation.registry.blocks(), [])
})

test('fault 62: a set that answers otherwise here than in the probe never takes charge, and is not tried again', async () => {
  // Sanity rows come after the golden ones, of which G5 speaks.
  const fake = fakeProbe()
  const probe = {
    async run(...given: Parameters<typeof fake.run>) {
      const outcome = await fake.run(...given)
      if (outcome.ok) for (const answers of outcome.value.answers.values()) answers[answers.length - 1]! += 1e-3
      return outcome
    },
  }
  const { installation, sync } = await bot({ probe })
  const source = memorySource(first.files)
  const result = await sync(source)
  assert.deepEqual(
    [result.installed, result.refused.map(({ code }) => code), result.gateReport?.verdict],
    [0, ['WARM_UP_PARITY'], 'pass'],
  )
  assert.equal(installation.slot.current(), undefined)
  assert.equal((await installation.registry.blockOf(first.manifestSha256))?.code, 'WARM_UP_PARITY')
  assert.deepEqual((await sync(source)).refused, [])
})

test('a candidate that a precondition refuses is never shown to native code', async () => {
  const probe = fakeProbe()
  const { sync } = await bot({ probe })
  const result = await sync(memorySource(first.files), {
    gateContext: (release, candidate, champion) => ({
      release,
      candidate,
      champion,
      profile: 'paper',
      symbol: 'ES',
      features: SCHEMA,
      limits: GATE_LIMITS,
    }),
  })
  assert.deepEqual([result.refused[0]?.file, probe.runs], ['G1', 0])
})
