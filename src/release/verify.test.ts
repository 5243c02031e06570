import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { MANIFEST_TYPE, sealEnvelope } from './envelope.ts'
import { built, ED_KEY, MAC_KEY, mapReader, NOW, ROOT_KEY, type TestBuild, testPolicy } from './fixtures/built.ts'
import type { HighWater } from './high-water.ts'
import { highWaterAfter } from './high-water.ts'
import { manifestBytesOf } from './manifest.ts'
import type { VerifyPolicyOptions } from './policy.ts'
import type { ReleaseManifest, ReleaseMembers } from './release.ts'
import { type Verification, verifyRelease } from './verify.ts'

const MINUTE = 60_000
const release = built()
const withPointer: ReleaseMembers = new Map([...release.files, ['pointer.json', release.pointerBytes]])

type Situation = {
  readonly policy?: Partial<VerifyPolicyOptions>
  readonly memory?: HighWater | undefined
  readonly nowMs?: number
}
const verify = (files: ReleaseMembers, { policy = {}, memory, nowMs = NOW }: Situation = {}): Promise<Verification> =>
  verifyRelease(mapReader(files), testPolicy(policy), memory, replayClock(nowMs))
const resultOf = (verification: Verification) =>
  verification.ok ? 'accepted' : `${verification.fault.code} ${verification.fault.place}`
const codeOf = (verification: Verification) => (verification.ok ? 'accepted' : verification.fault.code)

test('a sound release gives the bytes that were checked, and a list of passed checks', async () => {
  const verification = await verify(withPointer)
  assert.ok(verification.ok)
  assert.equal(verification.value.manifestSha256, release.manifestSha256)
  assert.deepEqual(verification.value.members.get('models/meta.onnx'), release.files.get('models/meta.onnx'))
  assert.equal(verification.value.pointer?.label, release.manifest.label)
  assert.ok(verification.checks.every(({ result }) => result === 'pass'))
  const checked = new Set(verification.checks.map(({ place }) => place))
  for (const name of withPointer.keys()) assert.ok(checked.has(name), `${name} is among the checks`)
})

// Every bit of the small signed files is flipped where they are opened; here each byte once, through all steps.
for (const name of ['envelope.json', 'manifest.json', 'current.json', 'pointer.json']) {
  test(`fault 15: a flipped bit in any byte of ${name} refuses the release`, async () => {
    const original = withPointer.get(name)!
    // All bits of the first bytes and one random bit of each further byte keep this at a second.
    const rng = seededRng(name)
    for (let at = 0; at < original.length; at++) {
      const bits = at < 64 ? [0, 1, 2, 3, 4, 5, 6, 7] : [rng.int(8)]
      for (const bit of bits) {
        const flipped = Uint8Array.from(original)
        flipped[at]! ^= 1 << bit
        const verification = await verify(new Map([...withPointer, [name, flipped]]))
        assert.ok(!verification.ok, `byte ${at}, bit ${bit} of ${name} went unnoticed`)
        assert.equal(verification.fault.place, name)
        assert.equal(verification.checks.at(-1)?.result, 'fail')
      }
    }
  })
}

test('a space exchanged for another space in current.json is refused', async () => {
  const text = new TextDecoder().decode(release.currentBytes)
  const bytes = new TextEncoder().encode(text.replace('  ', '\t '))
  assert.equal(
    resultOf(await verify(new Map([...release.files, ['current.json', bytes]]))),
    'CURRENT_MISMATCH current.json',
  )
})

for (const { name } of release.manifest.members) {
  test(`one flipped bit, one byte less and one byte more in ${name} are refused by name`, async () => {
    const original = release.files.get(name)!
    const flipped = Uint8Array.from(original)
    flipped[original.length >> 1]! ^= 1
    const longer = Uint8Array.of(...original, 0)
    assert.equal(resultOf(await verify(new Map([...release.files, [name, flipped]]))), `MEMBER_HASH ${name}`)
    assert.equal(
      resultOf(await verify(new Map([...release.files, [name, original.subarray(1)]]))),
      `MEMBER_SIZE ${name}`,
    )
    assert.equal(resultOf(await verify(new Map([...release.files, [name, longer]]))), `MEMBER_SIZE ${name}`)
  })
  test(`without ${name} it is RELEASE_MISSING_FILE`, async () => {
    const files = new Map(release.files)
    files.delete(name)
    assert.equal(resultOf(await verify(files)), `RELEASE_MISSING_FILE ${name}`)
  })
}

test('a file that is not listed is RELEASE_EXTRA_FILE', async () => {
  const files = new Map([...release.files, ['models/extra.onnx', Uint8Array.of(1)]])
  assert.equal(resultOf(await verify(files)), 'RELEASE_EXTRA_FILE models/extra.onnx')
})

test('fault 28: a member of another release is refused: one digest chain', async () => {
  const other = built({ seed: 2 })
  for (const name of ['models/meta.onnx', 'card.md', 'golden/meta.json', 'current.json', 'manifest.json']) {
    const verification = await verify(new Map([...release.files, [name, other.files.get(name)!]]))
    assert.equal(verification.ok ? '' : verification.fault.place, name)
  }
})

test('the pointer of another release is POINTER_MISMATCH', async () => {
  const other = built({ seed: 2 })
  const files = new Map([...release.files, ['pointer.json', other.pointerBytes]])
  assert.equal(resultOf(await verify(files)), 'POINTER_MISMATCH pointer.json')
})

test('a policy that wants a pointer refuses a release without one', async () => {
  assert.equal(codeOf(await verify(release.files, { policy: { requirePointer: true } })), 'POINTER_MISSING')
})

test('fault 25: a pointer that was not renewed is FREEZE after 90 minutes', async () => {
  assert.equal(codeOf(await verify(withPointer, { nowMs: NOW + 90 * MINUTE - 1 })), 'accepted')
  assert.equal(codeOf(await verify(withPointer, { nowMs: NOW + 90 * MINUTE })), 'FREEZE')
})

const markOf = (of: ReturnType<typeof built>, over: Partial<HighWater> = {}): HighWater => ({
  ...highWaterAfter(undefined, of),
  ...over,
})
const earlier = built({ version: 4, seed: 4 })
const live: Partial<VerifyPolicyOptions> = { profile: 'live' }
const forLive = { audience: { profile: 'live', symbols: ['ES'] } } as const

type Row = readonly [name: string, build: TestBuild, situation: Situation, expected: string]
const matrix: readonly Row[] = [
  ['fault 27: another channel', { channel: 'beta' }, {}, 'AUDIENCE'],
  ['fault 27: a paper release at a live bot', {}, { policy: live }, 'AUDIENCE'],
  ['fault 27: a live release at a paper bot', forLive, {}, 'AUDIENCE'],
  ['fault 27: a live release at a live bot', forLive, { policy: live }, 'accepted'],
  ['fault 27: another symbol', {}, { policy: { symbols: ['NQ'] } }, 'AUDIENCE'],
  ['fault 27: one symbol of two', {}, { policy: { symbols: ['ES', 'NQ'] } }, 'AUDIENCE'],
  [
    'fault 27: another account',
    { audience: { profile: 'paper', symbols: ['ES'], accounts: ['1'] } },
    { policy: { account: '2' } },
    'AUDIENCE',
  ],
  [
    'fault 27: no account of ours',
    { audience: { profile: 'paper', symbols: ['ES'], accounts: ['1'] } },
    {},
    'AUDIENCE',
  ],
  [
    'fault 27: our account',
    { audience: { profile: 'paper', symbols: ['ES'], accounts: ['1'] } },
    { policy: { account: '1' } },
    'accepted',
  ],
  ['fault 31: an epoch that is over', {}, { memory: markOf(release, { epoch: 2 }) }, 'EPOCH'],
  ['fault 31: a new epoch that the root did not sign', { epoch: 2 }, { memory: markOf(release) }, 'EPOCH'],
  ['fault 21: an older version', {}, { memory: markOf(release, { version: 6 }) }, 'ROLLBACK'],
  ['fault 21: the same version again', {}, { memory: markOf(release) }, 'accepted'],
  ['fault 22: the same version with other bytes', { seed: 2 }, { memory: markOf(release) }, 'EQUIVOCATION'],
  ['fault 23: a leap of 10,000 versions', { version: 10_005 }, { memory: markOf(release) }, 'accepted'],
  ['fault 23: a leap of 10,001 versions', { version: 10_006 }, { memory: markOf(release) }, 'FAST_FORWARD'],
  [
    'fault 23: the highest version there is',
    { version: Number.MAX_SAFE_INTEGER },
    { memory: markOf(release) },
    'FAST_FORWARD',
  ],
  ['fault 30: the next version on another one', {}, { memory: markOf(earlier) }, 'FORK'],
  [
    'fault 30: the next version on ours',
    { prevManifestSha256: earlier.manifestSha256 },
    { memory: markOf(earlier) },
    'accepted',
  ],
  ['fault 26: five minutes in the future', { nowMs: NOW + 5 * MINUTE }, {}, 'accepted'],
  ['fault 26: more than five minutes in the future', { nowMs: NOW + 5 * MINUTE + 1 }, {}, 'MANIFEST_FUTURE'],
  ['fault 24: the last millisecond of its week', {}, { nowMs: NOW + 7 * 1440 * MINUTE - 1 }, 'accepted'],
  ['fault 24: after its week', {}, { nowMs: NOW + 7 * 1440 * MINUTE }, 'EXPIRED'],
  [
    'fault 92: expired by the latest signed time, whatever the clock says',
    {},
    { memory: markOf(release, { maxSignedTime: NOW + 7 * 1440 * MINUTE }) },
    'EXPIRED',
  ],
  [
    'a live release without a backtest',
    { ...forLive, gates: { ciBacktest: 'notApplicable', driftScore: 0, verdict: 'pass' } },
    { policy: live },
    'GATES_BACKTEST',
  ],
  [
    'a live release that drifts',
    { ...forLive, gates: { ciBacktest: 'pass', driftScore: 0.16, verdict: 'pass' } },
    { policy: live },
    'GATES_DRIFT',
  ],
]
for (const [name, build, situation, expected] of matrix) {
  test(`${name}: ${expected}`, async () => {
    assert.equal(codeOf(await verify(built(build).files, situation)), expected)
  })
}

test('fault 23: a new epoch signed by the root starts its own count of versions', async () => {
  const keys = [MAC_KEY, ED_KEY, ROOT_KEY]
  const fresh = built({ epoch: 2, version: 1, keys })
  const memory = markOf(release, { version: Number.MAX_SAFE_INTEGER })
  assert.equal(codeOf(await verify(fresh.files, { policy: { keys }, memory })), 'accepted')
})

test('paper takes simulated models and a drifting score, and says so', async () => {
  const simulated = built({ provenance: 'simulated', gates: { ciBacktest: 'fail', driftScore: 0.5, verdict: 'pass' } })
  const verification = await verify(simulated.files)
  assert.equal(codeOf(verification), 'accepted')
  const warned = verification.checks.filter(({ result }) => result === 'warn').map(({ name }) => name)
  assert.deepEqual(warned, ['provenance', 'gates'])
})

/** A manifest that our builder would not make, rightly signed. */
const forged = (change: Partial<ReleaseManifest> & Record<string, unknown>): ReleaseMembers => {
  const manifest = { ...release.manifest, ...change }
  const bytes = manifestBytesOf(manifest)
  const envelope = sealEnvelope(MANIFEST_TYPE, bytes, [MAC_KEY, ED_KEY])
  return new Map([...release.files, ['manifest.json', bytes], ['envelope.json', envelope]])
}
const forgeries: readonly (readonly [string, Partial<ReleaseManifest> & Record<string, unknown>, string])[] = [
  ['an unknown field', { extra: 1 }, 'MANIFEST_UNKNOWN_FIELD'],
  ['a path as a member', { members: [{ ...release.manifest.members[0]!, name: '../evil' }] }, 'MANIFEST_SCHEMA'],
  ['a member twice', { members: [release.manifest.members[0]!, release.manifest.members[0]!] }, 'MANIFEST_SCHEMA'],
  ['another release id', { releaseId: 'r-0000000000000000' }, 'MANIFEST_DIGEST'],
  ['another feature schema', { featureSchemaSha256: '0'.repeat(64) }, 'MANIFEST_DIGEST'],
  ['graphs it says nothing of', { graphSignatures: {} }, 'MANIFEST_DIGEST'],
  ['a failed verdict', { gates: { ciBacktest: 'pass', driftScore: 0, verdict: 'fail' } }, 'GATES_FAILED'],
  ['a version that is no integer', { version: 1.5 }, 'MANIFEST_SCHEMA'],
]
for (const [name, change, code] of forgeries) {
  test(`a rightly signed manifest with ${name}: ${code}`, async () => {
    assert.equal(codeOf(await verify(forged(change))), code)
  })
}

test('simulated models are refused by a live bot even when everything is signed', async () => {
  const manifest = {
    ...release.manifest,
    provenance: 'simulated',
    audience: { profile: 'live', symbols: ['ES'] },
  } as const
  assert.equal(codeOf(await verify(forged(manifest), { policy: live })), 'PROVENANCE')
})

test('fault 29: a right signature over a wrong sha256 or size refuses the member', async () => {
  const [first, ...rest] = release.manifest.members
  const wrong = { ...first!, size: first!.size + 1 }
  assert.equal(resultOf(await verify(forged({ members: [wrong, ...rest] }))), `MEMBER_SIZE ${first!.name}`)
})

test('a bot without a MAC key says that current.json was not checked', async () => {
  const verification = await verify(release.files, { policy: { keys: [ED_KEY], required: ['ed25519'] } })
  assert.equal(codeOf(verification), 'accepted')
  assert.equal(verification.checks.find(({ place }) => place === 'current.json')?.result, 'notApplicable')
})
