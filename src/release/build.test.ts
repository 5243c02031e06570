import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../base/canonical-json.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { built, ED_KEY, MAC_KEY, NOW, type TestBuild, testMembers, tryBuild } from './fixtures/built.ts'
import { readManifest } from './manifest.ts'
import { verifyPlain } from './plain-manifest.ts'
import { openPointer } from './pointer.ts'

const bytes = (value: unknown) => new TextEncoder().encode(canonicalJson(value))

test('the same inputs build the same bytes', () => {
  const [one, two] = [built(), built()]
  assert.equal(one.releaseId, two.releaseId)
  for (const [name, content] of one.files) assert.deepEqual(content, two.files.get(name), name)
})

test('the manifest is read back as it was built, and names every member with size and digest', () => {
  const { manifest, manifestBytes, files, releaseId } = built()
  assert.deepEqual(unwrap(readManifest(manifestBytes)), manifest)
  assert.deepEqual(
    manifest.members.map(({ name, size, sha256: digest }) => [name, size, digest]),
    [...testMembers()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, content]) => [name, content.length, sha256(content)]),
  )
  const digests = [...testMembers().values()].map(content => sha256(content)).sort()
  assert.equal(releaseId, `r-${sha256(digests.join('\n')).slice(0, 16)}`)
  assert.deepEqual([...files.keys()].slice(-3), ['manifest.json', 'envelope.json', 'current.json'])
})

test('current.json tells plain readers of the same models', () => {
  const { currentBytes, files } = built()
  const plain = unwrap(verifyPlain(currentBytes, MAC_KEY.secret))
  assert.equal(plain.version, '20260115_143000_5')
  assert.equal(plain.trainingSamples, 400)
  assert.deepEqual(plain.models['execution'], {
    url: 'https://cdn.example.com/models/exec_model/v20260115_143000_5.onnx',
    checksum: sha256(files.get('models/execution.onnx')!),
    size: files.get('models/execution.onnx')!.length,
  })
})

test('the pointer lives 90 minutes, or two publish intervals where those are longer', () => {
  const expiry = (publishIntervalMs: number) => {
    const { pointerBytes } = built({ publishIntervalMs })
    return Date.parse(unwrap(openPointer(pointerBytes, { keys: [MAC_KEY], required: ['hmac'] }, NOW)).expiresAt) - NOW
  }
  assert.equal(expiry(60_000), 90 * 60_000)
  assert.equal(expiry(60 * 60_000), 120 * 60_000)
})

const changed = (name: string, content: Uint8Array | undefined): TestBuild => {
  const members = testMembers()
  if (content === undefined) members.delete(name)
  else members.set(name, content)
  return { members }
}
const parity = (over: Record<string, unknown>) => {
  const certificate = JSON.parse(new TextDecoder().decode(testMembers().get('parity.json'))) as {
    roles: Record<string, object>
  }
  certificate.roles['meta'] = { ...certificate.roles['meta'], ...over }
  return changed('parity.json', bytes(certificate))
}
const evaluation = (over: Record<string, unknown>) =>
  changed('evaluation.json', bytes({ provenance: 'real', verdict: 'pass', rows: { total: 500 }, ...over }))
const gated = (result: string, over: object = {}) => evaluation({ gates: [{ gate: 'G12 auc', result, ...over }] })
const metadata = (files: unknown) => changed('metadata.json', bytes({ schema: 'ratchet.metadata/1', files }))
const model = testMembers().get('models/meta.onnx')!
const listed = (sha: string) => ({ 'models/meta.onnx': { sha256: sha, size: model.length } })

const refusals: readonly (readonly [string, TestBuild, string])[] = [
  ['a member missing', changed('card.md', undefined), 'RELEASE_MISSING_FILE'],
  ['golden vectors missing', changed('golden/meta.json', undefined), 'RELEASE_MISSING_FILE'],
  ['no model at all', { members: new Map() }, 'RELEASE_MISSING_FILE'],
  ['a file that no release holds', changed('notes.txt', Uint8Array.of(1)), 'RELEASE_EXTRA_FILE'],
  ['an empty member', changed('models/meta.onnx', new Uint8Array()), 'MEMBER_SIZE'],
  ['a card above 64 KiB', changed('card.md', new Uint8Array(64 * 1024 + 1)), 'MEMBER_SIZE'],
  ['a failed evaluation', evaluation({ verdict: 'fail' }), 'RELEASE_VERDICT'],
  ['a gate that failed under a verdict that says pass', gated('fail'), 'RELEASE_VERDICT'],
  ['a gate that broke', gated('error', { paper: true }), 'RELEASE_VERDICT'],
  ['a gate that no one knows the word of', gated('passed'), 'RELEASE_VERDICT'],
  [
    'a gate that paper relaxed, for live',
    { ...gated('fail', { paper: true }), audience: { profile: 'live', symbols: ['ES'] } },
    'RELEASE_VERDICT',
  ],
  ['failed gates', { gates: { ciBacktest: 'pass', driftScore: 0, verdict: 'fail' } }, 'RELEASE_VERDICT'],
  [
    'an evaluation on simulated data that is called real',
    evaluation({ provenance: 'simulated' }),
    'RELEASE_PROVENANCE',
  ],
  [
    'simulated data for live',
    { provenance: 'simulated', audience: { profile: 'live', symbols: [] } },
    'RELEASE_PROVENANCE',
  ],
  ['more samples than were evaluated', { trainingSamples: 501 }, 'RELEASE_COUNT'],
  ['no samples', { trainingSamples: 0 }, 'RELEASE_COUNT'],
  ['a decision flip', parity({ decisionFlips: 1 }), 'RELEASE_PARITY'],
  ['999 parity rows', parity({ rows: 999 }), 'RELEASE_PARITY'],
  ['99 rows near the threshold', parity({ thresholdAdjacent: 99 }), 'RELEASE_PARITY'],
  ['golden vectors of another run', parity({ goldenSha256: '0'.repeat(64) }), 'RELEASE_PARITY'],
  ['the checksum none', metadata(listed('none')), 'METADATA_HASH'],
  ['an empty checksum', metadata(listed('')), 'METADATA_HASH'],
  ['models that metadata does not list', metadata(listed(sha256(model))), 'METADATA_HASH'],
  ['metadata without a schema', changed('metadata.json', bytes({ files: {} })), 'MEMBER_SCHEMA'],
  ['no MAC key', { keys: [ED_KEY] }, 'RELEASE_KEYS'],
  ['a version of zero', { version: 0, label: 'v1.0.0' }, 'MANIFEST_SCHEMA'],
  ['a label that is no version', { label: 'newest' }, 'MANIFEST_SCHEMA'],
]
for (const [name, build, code] of refusals) {
  test(`${name}: ${code}`, () => {
    const outcome = tryBuild(build)
    assert.equal(outcome.ok ? 'built' : outcome.fault.code, code)
  })
}

test('simulated data is built for paper and stays marked', () => {
  assert.equal(built({ provenance: 'simulated' }).manifest.provenance, 'simulated')
})

test('a gate that paper relaxed, or that does not apply, stands in no way of a paper release', () => {
  for (const build of [
    gated('fail', { paper: true }),
    gated('pass'),
    gated('notApplicable'),
    gated('pass', { paper: true }),
  ]) {
    assert.equal(tryBuild(build).ok, true)
  }
})
