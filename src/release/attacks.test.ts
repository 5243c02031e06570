// Attacks on signed documents as laws over many cases, beside the single ones of verify.test.ts (fault catalogue, section B).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { replayClock } from '../base/clock.ts'
import type { Outcome } from '../base/fault.ts'
import { checklist } from './checklist.ts'
import { verifyCurrent } from './current.ts'
import { MANIFEST_TYPE, openEnvelope, sealEnvelope } from './envelope.ts'
import { built, ED_KEY, MAC_KEY, mapReader, NOW, ROOT_KEY, type TestBuild, testPolicy } from './fixtures/built.ts'
import { checkFreshness, type FreshnessContext } from './freshness.ts'
import { type HighWater, highWaterAfter, highWaterBeginning } from './high-water.ts'
import { openPointer, pointerFreshness } from './pointer.ts'
import type { VerifyPolicyOptions } from './policy.ts'
import type { ReleaseManifest } from './release.ts'
import { verifyRelease } from './verify.ts'

const DAY = 24 * 60 * 60_000
const release = built()
const policy = testPolicy()
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const mark = highWaterAfter(undefined, release)

function* flips(original: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < original.length * 8; bit++) {
    const flipped = Uint8Array.from(original)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    yield flipped
  }
}

test('fault 15: every flipped bit of a pointer is refused', () => {
  assert.equal(codeOf(openPointer(release.pointerBytes, policy, NOW)), 'accepted')
  for (const flipped of flips(release.pointerBytes))
    assert.notEqual(codeOf(openPointer(flipped, policy, NOW)), 'accepted')
})

test('fault 15: every flipped bit of current.json is refused inside a release, where the time of signing counts too', () => {
  verifyCurrent(release.currentBytes, release.manifest, policy, NOW, checklist())
  for (const flipped of flips(release.currentBytes)) {
    assert.throws(() => verifyCurrent(flipped, release.manifest, policy, NOW, checklist()), { name: 'Fault' })
  }
})

test('fault 18: no text in place of a signature is accepted or throws', () => {
  const sealed = JSON.parse(new TextDecoder().decode(release.envelopeBytes)) as {
    signatures: { alg: string; keyid: string; sig: string }[]
  }
  const right = sealed.signatures[0]!.sig
  const text = fc.oneof(
    fc.string({ maxLength: 90 }),
    fc.base64String({ maxLength: 90 }),
    fc.constantFrom('', right.slice(0, -1), `${right}=`, right.replaceAll('+', '-').toLowerCase(), `${right}\n`),
  )
  fc.assert(
    fc.property(text, sig => {
      fc.pre(sig !== right)
      const signatures = sealed.signatures.map((one, at) => (at === 0 ? { ...one, sig } : one))
      const bytes = new TextEncoder().encode(JSON.stringify({ ...sealed, signatures }))
      const options = { payloadType: MANIFEST_TYPE, uses: ['release'] as const, nowMs: NOW, place: 'envelope.json' }
      assert.equal(codeOf(openEnvelope(bytes, { ...policy, ...options })), 'SIGNATURE_INVALID')
    }),
    { seed: 18, numRuns: 500 },
  )
})

type Situation = { readonly over?: Partial<ReleaseManifest>; readonly memory?: HighWater; readonly nowMs?: number }
const freshness = (
  { over = {}, memory, nowMs = NOW }: Situation,
  policyOver: Partial<VerifyPolicyOptions> = {},
  signedBy: Parameters<typeof checkFreshness>[0]['signedBy'] = [MAC_KEY],
) => {
  const context: FreshnessContext = { policy: testPolicy(policyOver), memory, nowMs }
  const manifest = { ...release.manifest, ...over }
  return checkFreshness({ manifest, manifestSha256: release.manifestSha256, signedBy }, context)
}
const verdictOf = (...args: Parameters<typeof freshness>) => codeOf(freshness(...args).outcome)

test('fault 23: whatever was seen, a step beyond the limit is FAST_FORWARD, but for a new epoch of the root', () => {
  const versions = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 })
  fc.assert(
    fc.property(versions, versions, (seen, version) => {
      fc.pre(version - seen > 10_000)
      const memory = { ...mark, version: seen }
      assert.equal(verdictOf({ over: { version }, memory }), 'FAST_FORWARD')
      const over = { version, epoch: 2 }
      assert.equal(verdictOf({ over, memory }), 'EPOCH')
      assert.equal(verdictOf({ over, memory }, {}, [MAC_KEY, ROOT_KEY]), 'accepted')
    }),
    { seed: 23, numRuns: 500 },
  )
})

test('fault 27: a release is accepted by exactly the bots that its audience names', () => {
  const profiles = fc.constantFrom('paper', 'live')
  const names = fc.subarray(['ES', 'MES', 'NQ', 'MNQ'])
  const accounts = fc.option(fc.subarray(['1', '2', '3'], { minLength: 1 }), { nil: undefined })
  fc.assert(
    fc.property(
      fc.record({ profile: profiles, symbols: names, accounts, channel: fc.constantFrom('stable', 'beta') }),
      fc.record({
        profile: profiles,
        symbols: names,
        account: fc.option(fc.constantFrom('1', '2', '9'), { nil: undefined }),
        channel: fc.constantFrom('stable', 'beta'),
      }),
      ({ channel, ...audience }, bot) => {
        const fits =
          channel === bot.channel &&
          audience.profile === bot.profile &&
          bot.symbols.every(symbol => audience.symbols.includes(symbol)) &&
          (audience.accounts === undefined || audience.accounts.includes(bot.account ?? 'none'))
        assert.equal(verdictOf({ over: { channel, audience } }, bot), fits ? 'accepted' : 'AUDIENCE')
      },
    ),
    { seed: 27, numRuns: 2000 },
  )
})

test('fault 30: after any release the next one must follow exactly it', () => {
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), digest, fc.option(digest, { nil: null }), (version, seen, prev) => {
      const memory = { ...mark, version, manifestSha256: seen }
      const next = { version: version + 1, prevManifestSha256: prev }
      assert.equal(verdictOf({ over: next, memory }), prev === seen ? 'accepted' : 'FORK')
      assert.equal(verdictOf({ over: { ...next, prevManifestSha256: seen }, memory }), 'accepted')
      // Further ahead, the releases between are not known here.
      assert.equal(verdictOf({ over: { ...next, version: version + 2 }, memory }), 'accepted')
    }),
    { seed: 30, numRuns: 500 },
  )
})

test('fault 91: a clock that jumps a day in either direction lets nothing live longer, and is told of', () => {
  const memory = { ...mark, maxSignedTime: NOW }
  const expiresAt = new Date(NOW + DAY / 2).toISOString()
  const at = (nowMs: number) => freshness({ over: { expiresAt }, memory, nowMs })
  assert.equal(codeOf(at(NOW).outcome), 'accepted')
  assert.equal(codeOf(at(NOW + DAY).outcome), 'EXPIRED')
  const back = at(NOW - DAY)
  // Issued after what the clock says now: refused, though it would not have expired yet.
  assert.equal(codeOf(back.outcome), 'MANIFEST_FUTURE')
  const early = { expiresAt, issuedAt: new Date(NOW - 2 * DAY).toISOString() }
  const late = freshness({ over: early, memory, nowMs: NOW - DAY })
  assert.equal(codeOf(late.outcome), 'accepted')
  const told = late.checks.find(({ name }) => name === 'clock')
  assert.deepEqual([told?.result, /behind 2026-01-15T14:30/.test(told?.note ?? '')], ['warn', true])
  assert.equal(at(NOW).checks.find(({ name }) => name === 'clock')?.result, 'pass')
})

test('fault 92: with the clock before the latest signed time nothing is valid for longer than by that time', () => {
  const hours = fc.integer({ min: -100, max: 100 }).map(n => n * 3_600_000)
  fc.assert(
    fc.property(hours, hours, hours, (clock, seen, ends) => {
      const memory = { ...mark, maxSignedTime: NOW + seen }
      const over = {
        issuedAt: new Date(NOW - 200 * 3_600_000).toISOString(),
        expiresAt: new Date(NOW + ends).toISOString(),
      }
      const valid = ends > Math.max(clock, seen)
      assert.equal(verdictOf({ over, memory, nowMs: NOW + clock }), valid ? 'accepted' : 'EXPIRED')
      const pointer = { ...release.manifest, ...over, label: '', schema: 'ratchet.pointer/1' as const }
      const times = { nowMs: NOW + clock, maxSignedTimeMs: memory.maxSignedTime, clockSkewMs: 0 }
      const fresh = pointerFreshness({ ...pointer, manifestSha256: '', manifestSize: 1 }, times)
      assert.equal(codeOf(fresh), valid ? 'accepted' : 'FREEZE')
    }),
    { seed: 92, numRuns: 500 },
  )
})

test('fault 33: each file is read once, so what was checked is what is handed on', async () => {
  const reads = new Map<string, number>()
  const files = new Map([...release.files, ['pointer.json', release.pointerBytes]])
  const reader = mapReader(files)
  const swapping = {
    ...reader,
    async read(name: string, limit: number) {
      const count = (reads.get(name) ?? 0) + 1
      reads.set(name, count)
      const bytes = await reader.read(name, limit)
      // Whoever reads again is given something else.
      return count === 1 ? bytes : Uint8Array.from(bytes, byte => byte ^ 1)
    },
  }
  const found = await verifyRelease(swapping, policy, undefined, replayClock(NOW))
  assert.ok(found.ok)
  for (const [name, bytes] of found.value.members) assert.deepEqual(bytes, release.files.get(name), name)
  assert.deepEqual(
    [...reads.values()].filter(count => count !== 1),
    [],
  )
})

test('fault 31: signed by a key of the old epoch alone, a release of the new epoch is refused', () => {
  const memory = { ...mark, epoch: 2, version: 1 }
  assert.equal(verdictOf({ memory }), 'EPOCH')
  assert.equal(verdictOf({ over: { epoch: 3 }, memory }), 'EPOCH')
  assert.equal(verdictOf({ over: { epoch: 2 }, memory }), 'accepted')
})

test('fault 32: in live a MAC alone is refused, and so is a MAC with a wrong Ed25519 signature', async () => {
  const keys = [MAC_KEY, ED_KEY]
  const live = { profile: 'live', keys } as const
  const forLive: TestBuild = { audience: { profile: 'live', symbols: ['ES'] } }
  const check = async (files: ReadonlyMap<string, Uint8Array>) => {
    const found = await verifyRelease(mapReader(files), testPolicy(live), undefined, replayClock(NOW))
    return codeOf(found)
  }
  assert.equal(await check(built(forLive).files), 'accepted')
  assert.equal(await check(built({ ...forLive, keys: [MAC_KEY] }).files), 'SIGNATURE_MISSING')
  const right = built(forLive)
  const wrong = sealEnvelope(MANIFEST_TYPE, built({ ...forLive, seed: 2 }).manifestBytes, keys)
  const { payload } = JSON.parse(new TextDecoder().decode(right.envelopeBytes)) as { payload: string }
  const mixed = JSON.parse(new TextDecoder().decode(wrong)) as { signatures: unknown[] }
  const [mac] = (JSON.parse(new TextDecoder().decode(right.envelopeBytes)) as { signatures: unknown[] }).signatures
  const envelope = { payloadType: MANIFEST_TYPE, payload, signatures: [mac, mixed.signatures[1]] }
  const files = new Map([...right.files, ['envelope.json', new TextEncoder().encode(JSON.stringify(envelope))]])
  assert.equal(await check(files), 'SIGNATURE_INVALID')
})

test('fault 34: after an accepted beginning any version may come first, but no epoch that is over', () => {
  const memory = highWaterBeginning('stable', 2, NOW)
  assert.equal(verdictOf({ over: { epoch: 2, version: 123_456_789 }, memory }), 'accepted')
  assert.equal(verdictOf({ over: { epoch: 1 }, memory }), 'EPOCH')
  assert.equal(verdictOf({ over: { epoch: 3 }, memory }), 'EPOCH')
  const expired = { epoch: 2, expiresAt: new Date(NOW - 1).toISOString() }
  assert.equal(verdictOf({ over: expired, memory, nowMs: NOW - DAY }), 'MANIFEST_FUTURE')
})
