// Builds a release from finished members: the manifest, its envelope and the plain manifest, or the reason there is none.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { MANIFEST_TYPE, sealEnvelope } from './envelope.ts'
import { checkEvidence, type EvidenceOptions } from './evidence.ts'
import type { HmacKey, SigningKey } from './keys.ts'
import { mediaType, publishedPath } from './layout.ts'
import { modelRole } from './limits.ts'
import { manifestBytesOf, readManifest, releaseIdOf } from './manifest.ts'
import { packed } from './packing.ts'
import { addSignature } from './plain-manifest.ts'
import { sealPointer } from './pointer.ts'
import type { ReleaseManifest, ReleaseMember, ReleaseMembers } from './release.ts'
import { macName, sideMacs } from './side-macs.ts'
import { utcText } from './utc.ts'

const DAY = 24 * 60 * 60_000

export type BuildOptions = Pick<
  ReleaseManifest,
  'channel' | 'epoch' | 'version' | 'label' | 'prevManifestSha256' | 'graphSignatures' | 'minRatchet' | 'onnx'
> &
  EvidenceOptions & {
    /** Sign the envelope, in order; the first HMAC key signs `current.json` too. */
    readonly keys: readonly SigningKey[]
    /** What URLs begin with: the CDN or the publisher's origin; ends with a slash. */
    readonly baseUrl: string
    readonly clock: Clock
    /** How long the manifest is valid. */
    readonly manifestDays?: number
    readonly publishIntervalMs?: number
    /** Members that are smaller packed are published packed too. */
    readonly pack?: boolean
  }

export type BuiltRelease = {
  readonly manifest: ReleaseManifest
  readonly releaseId: string
  readonly manifestBytes: Uint8Array
  readonly manifestSha256: string
  readonly envelopeBytes: Uint8Array
  /** The signed `current.json`. */
  readonly currentBytes: Uint8Array
  /** `pointer.json` as of the build; sign a new one with `sealPointer` when publishing later. */
  readonly pointerBytes: Uint8Array
  /** All files of the release directory by name: members, `manifest.json`, `envelope.json`, `current.json`. */
  readonly files: ReleaseMembers
}

/**
 * Builds and signs. Faults: those of `checkEvidence` (missing members, failed evidence, simulated data outside paper),
 * `RELEASE_KEYS` without an HMAC key, `KEY_TOO_SHORT`, `MANIFEST_SCHEMA` for values that no reader would accept.
 */
export function buildRelease(options: BuildOptions): Outcome<BuiltRelease> {
  const { keys, clock, publishIntervalMs = 45 * 60_000 } = options
  const evidence = checkEvidence(options)
  if (!evidence.ok) return evidence
  const macKey = keys.find((key): key is HmacKey => key.alg === 'hmac')
  if (macKey === undefined) {
    return refused('RELEASE_KEYS', 'no HMAC key to sign current.json with', { fix: 'set MANIFEST_HMAC_KEY' })
  }
  const nowMs = clock.now()
  const manifest = manifestOf(options, nowMs)
  const manifestBytes = manifestBytesOf(manifest)
  // What our own reader would refuse is never signed.
  const readable = readManifest(manifestBytes)
  if (!readable.ok) return readable
  const current = addSignature(plainBytes(manifest, options), macKey.secret, manifest.issuedAt)
  if (!current.ok) return current
  const pointer = sealPointer(manifestBytes, { keys, nowMs, publishIntervalMs })
  if (!pointer.ok) return pointer
  const envelopeBytes = sealEnvelope(MANIFEST_TYPE, manifestBytes, keys)
  return accepted({
    manifest,
    releaseId: manifest.releaseId,
    manifestBytes,
    manifestSha256: sha256(manifestBytes),
    envelopeBytes,
    currentBytes: current.value,
    pointerBytes: pointer.value,
    files: new Map([
      ...options.members,
      ['manifest.json', manifestBytes],
      ['envelope.json', envelopeBytes],
      ['current.json', current.value],
      ...[...sideMacs(envelopeBytes, keys)].map(([keyid, bytes]) => [macName(keyid), bytes] as const),
    ]),
  })
}

function listed([name, bytes]: readonly [string, Uint8Array], pack: boolean): ReleaseMember {
  const role = modelRole(name)
  const packing = pack ? packed(bytes)?.packing : undefined
  const digest = { mediaType: mediaType(name), size: bytes.length, sha256: sha256(bytes), ...packing }
  return role === undefined ? { name, ...digest } : { name, role, ...digest }
}

function manifestOf(options: BuildOptions, nowMs: number): ReleaseManifest {
  const members = [...options.members]
    .map(member => listed(member, options.pack ?? false))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const digestOf = (name: string) => members.find(member => member.name === name)!.sha256
  const { channel, audience, epoch, version, label, prevManifestSha256 } = options
  const { graphSignatures, gates, minRatchet, onnx, provenance, manifestDays = 7 } = options
  return {
    schema: 'ratchet.manifest/1',
    channel,
    audience,
    epoch,
    version,
    releaseId: releaseIdOf(members),
    label,
    prevManifestSha256,
    issuedAt: utcText(nowMs),
    expiresAt: utcText(nowMs + manifestDays * DAY),
    members,
    featureSchemaSha256: digestOf('features.json'),
    graphSignatures,
    evaluationSha256: digestOf('evaluation.json'),
    paritySha256: digestOf('parity.json'),
    lineageSha256: digestOf('lineage.json'),
    gates,
    minRatchet,
    onnx,
    provenance,
  }
}

function plainBytes(manifest: ReleaseManifest, { baseUrl, trainingSamples }: BuildOptions): Uint8Array {
  const models = manifest.members.flatMap(({ name, role, size, sha256: checksum }) =>
    role === undefined ? [] : [[role, { url: `${baseUrl}${publishedPath(name, manifest.label)}`, checksum, size }]],
  )
  const plain = {
    version: manifest.label,
    timestamp: manifest.issuedAt,
    training_samples: trainingSamples,
    models: Object.fromEntries(models),
  }
  return new TextEncoder().encode(canonicalJson(plain))
}
