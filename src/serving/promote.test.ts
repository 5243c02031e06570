import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { ReleaseReader } from '../release/reader.ts'
import { blockRelease } from './blocks.ts'
import { type Bot, bot, paperGates } from './fixtures/bot.ts'
import { memorySource, POLICY, SCHEMA, tinyRelease } from './fixtures/release.ts'
import { GATE_LIMITS, type GateLimits } from './gates/limits.ts'
import type { GateReport } from './gates/run.ts'
import type { JudgeOptions } from './judge.ts'
import { pinSlot } from './pins.ts'
import { type PromoteRequest, promoteRelease } from './promote.ts'
import { rollBack } from './rollback.ts'

const a = tinyRelease({ seed: 1 })
const b = tinyRelease({ seed: 2, after: a })
const c = tinyRelease({ seed: 3, after: b })

/** No two releases resemble each other enough for these. */
const STRICT: GateLimits = { ...GATE_LIMITS, maxTotalVariation: 1e-12, maxKlDivergence: 1e-12 }

const optionsOf = ({ installation }: Bot, limits = GATE_LIMITS): JudgeOptions => ({
  policy: POLICY,
  memory: highWaterFile(installation.disk, installation.paths.highWater),
  installation,
  gateContext: paperGates(SCHEMA, limits),
})

async function promote(it: Bot, request: PromoteRequest, limits?: GateLimits) {
  const { outcome, gates } = await promoteRelease(request, optionsOf(it, limits))
  return { code: outcome.ok ? 'ok' : outcome.fault.code, place: outcome.ok ? undefined : outcome.fault.place, gates }
}

const inCharge = ({ installation }: Bot) => installation.slot.current()?.digest
const stateOf = async ({ registry }: Bot, digest: string) =>
  (await registry.releases()).find(row => row.digest === digest)?.state

/** `releases` were installed in turn. */
async function running(releases: readonly (typeof a)[], over: Parameters<typeof bot>[0] = {}) {
  const it = await bot(over)
  const source = memorySource(a.files)
  for (const release of releases) {
    source.offer(release.files)
    await it.sync(source)
  }
  return { ...it, source }
}

const reader = ({ files }: typeof a): ReleaseReader => ({
  list: () => Promise.resolve(undefined),
  async read(name) {
    const bytes = files.get(name)
    if (bytes === undefined || name === 'pointer.json') throw new Fault('FILE_MISSING', 'is not there', { place: name })
    return bytes
  },
})

test('with promotion by hand a release that passed waits, is not judged again, and takes charge when promoted', async () => {
  const it = await bot({ autoPromote: false })
  const source = memorySource(a.files)
  const first = await it.sync(source)
  assert.deepEqual([first.installed, first.held, first.refused, first.inCharge], [0, 'waiting', [], null])
  assert.equal(await stateOf(it, a.manifestSha256), 'waiting')
  const again = await it.sync(memorySource(a.files))
  assert.deepEqual([again.installed, again.upToDate, again.gateReport], [0, true, undefined])
  const reason = 'read its card'
  assert.equal((await promote(it, { digest: a.manifestSha256, reason })).code, 'ok')
  assert.equal(inCharge(it), a.manifestSha256)
  const told = (await it.registry.events()).map(({ event, cause }) => [event, cause])
  assert.deepEqual(told, [
    ['waiting', 'passed its gates; promotion is not automatic'],
    ['activated', reason],
  ])
  assert.equal((await it.registry.gateReports(a.manifestSha256)).length, 2)
})

test('an earlier release comes back through the gates, and the one it replaces is the way back', async () => {
  const it = await running([a, b])
  const { code, gates } = await promote(it, { digest: a.manifestSha256, reason: 'b loses at night' })
  assert.equal(code, 'ok')
  assert.equal(gates?.report.champion, b.manifestSha256)
  assert.equal(inCharge(it), a.manifestSha256)
  assert.equal(await stateOf(it, b.manifestSha256), 'previous')
})

test('a gate that says no keeps it out, the answer is kept, and what it was before it stays', async () => {
  const it = await running([a, b])
  const { code, place } = await promote(it, { digest: a.manifestSha256, reason: 'try it' }, STRICT)
  assert.deepEqual([code, place], ['GATE_REFUSED', 'G7'])
  assert.equal(inCharge(it), b.manifestSha256)
  assert.equal(await stateOf(it, a.manifestSha256), 'previous')
  assert.equal(await it.registry.blockOf(a.manifestSha256), undefined)
  const { event, cause } = (await it.registry.events()).at(-1)!
  assert.equal(event, 'refused')
  assert.match(cause, /^asked for by hand, G7: /)
})

test('the no of G7 can be set aside with a reason, which stands in the signed report and in the history', async () => {
  const it = await running([a, b])
  const request = { digest: a.manifestSha256, reason: 'the regime has changed', override: ['G7'] }
  const { code, gates } = await promote(it, request, STRICT)
  assert.equal(code, 'ok')
  const rows = await it.registry.gateReports(a.manifestSha256)
  const kept = JSON.parse(rows.at(-1)!.report) as GateReport
  assert.equal(rows.at(-1)?.reportSha256, gates?.sha256)
  const found = kept.results.find(({ gate }) => gate === 'G7')
  assert.deepEqual([found?.result, found?.overridden], ['fail', { by: 'test', reason: 'the regime has changed' }])
  assert.equal(kept.verdict, 'pass')
  assert.equal((await it.registry.events()).at(-1)?.cause, 'the regime has changed (G7 set aside)')
})

test('what any other gate says is final', async () => {
  const it = await running([a, b])
  for (const gate of ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G8', 'G9', 'G10', 'G99']) {
    const request = { digest: a.manifestSha256, reason: 'I insist', override: ['G7', gate] }
    assert.deepEqual((await promote(it, request)).code, 'GATE_FINAL', gate)
  }
  const constant = tinyRelease({ seed: 4, after: b, constant: true })
  it.source.offer(constant.files)
  const refused = await it.sync(it.source)
  assert.equal(refused.gateReport?.decidedBy, 'G6')
  const request = { digest: constant.manifestSha256, reason: 'I insist', override: ['G7'], readers: [reader(constant)] }
  const { code, place } = await promote(it, request)
  assert.deepEqual([code, place], ['GATE_REFUSED', 'G6'])
  assert.equal((await it.registry.blockOf(constant.manifestSha256))?.code, 'GATE_REFUSED')
})

test('a release that a gate refused is read where it was published, and its block ends when it takes charge', async () => {
  const it = await running([a])
  it.source.offer(b.files)
  const limits = STRICT
  const refused = await it.sync(it.source, { gateContext: optionsOf(it, limits).gateContext })
  assert.equal(refused.gateReport?.decidedBy, 'G7')
  const request = { digest: b.manifestSha256, reason: 'the regime has changed', override: ['G7'] }
  assert.equal((await promote(it, request, limits)).code, 'CAS_MISSING')
  const changed = await promote(it, { ...request, readers: [reader(a)] }, limits)
  assert.equal(changed.code, 'RELEASE_CHANGED')
  assert.equal((await promote(it, { ...request, readers: [reader(a), reader(b)] }, limits)).code, 'ok')
  assert.equal(inCharge(it), b.manifestSha256)
  assert.equal(await it.registry.blockOf(b.manifestSha256), undefined)
})

test('a pinned slot, a block by hand, proven harm and what is in charge already are refused', async () => {
  const it = await running([a, b, c])
  const { installation, registry } = it
  const reason = 'because'
  assert.equal((await promote(it, { digest: c.manifestSha256, reason })).code, 'ALREADY_IN_CHARGE')
  const release = (await registry.releases()).find(({ digest }) => digest === a.manifestSha256)!
  await blockRelease({ release, reason }, installation)
  assert.equal((await promote(it, { digest: a.manifestSha256, reason })).code, 'RELEASE_BLOCKED')
  await rollBack({ cause: 'F7', proven: true }, installation)
  assert.equal((await promote(it, { digest: c.manifestSha256, reason })).code, 'RELEASE_BLOCKED')
  await pinSlot({ digest: b.manifestSha256, reason }, installation)
  assert.equal((await promote(it, { digest: a.manifestSha256, reason })).code, 'SLOT_PINNED')
  assert.equal(inCharge(it), b.manifestSha256)
})

test('the rollback of a rollback is a promotion like any other', async () => {
  const it = await running([a, b])
  await rollBack({ cause: 'F2', proven: false }, it.installation)
  assert.equal((await promote(it, { digest: b.manifestSha256, reason: 'a false alarm' })).code, 'ok')
  assert.equal(inCharge(it), b.manifestSha256)
  assert.equal(await it.registry.blockOf(b.manifestSha256), undefined)
})

test('a release whose time is over, or that other keys signed, is not promoted', async () => {
  const it = await running([a, b])
  const { installation } = it
  const reason = 'because'
  const late = { ...installation, clock: { now: () => installation.clock.now() + 30 * 86_400_000 } }
  const expired = await promoteRelease({ digest: a.manifestSha256, reason }, optionsOf({ ...it, installation: late }))
  assert.equal(expired.outcome.ok ? '' : expired.outcome.fault.code, 'EXPIRED')
  const options = optionsOf(it)
  const policy = { ...options.policy, keys: [] }
  const unsigned = await promoteRelease({ digest: a.manifestSha256, reason }, { ...options, policy })
  assert.equal(unsigned.outcome.ok, false)
  assert.equal(inCharge(it), b.manifestSha256)
})
