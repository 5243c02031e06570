// The signed manifest: reading it strictly and writing it as the bytes that get signed (REL-15).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { MANIFEST_CAP, memberCap, modelRole } from './limits.ts'
import type { ReleaseManifest, ReleaseMember } from './release.ts'
import { countSchema, digestSchema, fitSchema, namedSchema, roleSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'
import { utcSchema } from './utc.ts'
import { isVersionLabel } from './version-label.ts'

const nameSchema = z.string().min(1).max(128)

export const audienceSchema = z.strictObject({
  profile: z.enum(['paper', 'live']),
  accounts: z.array(nameSchema).max(1000).optional(),
  symbols: z.array(nameSchema).max(1000),
})

const memberSchema = z
  .strictObject({
    name: z.string().refine(name => memberCap(name) !== undefined, 'is no file that a release holds'),
    role: roleSchema.optional(),
    mediaType: nameSchema,
    size: countSchema,
    sha256: digestSchema,
    encoding: z.enum(['gzip', 'zstd']).optional(),
    storedSize: countSchema.optional(),
    storedSha256: digestSchema.optional(),
  })
  .refine(
    ({ encoding, storedSize, storedSha256 }) =>
      (encoding === undefined) === (storedSize === undefined) &&
      (encoding === undefined) === (storedSha256 === undefined),
    'needs encoding, storedSize and storedSha256 together',
  )
  .refine(({ size, storedSize = 0 }) => storedSize < Math.max(1, size), 'is stored larger than it is')
  .refine(({ name, size }) => size <= memberCap(name)!, 'is larger than such a file may be')
  .refine(
    ({ name, role }) => modelRole(name) === undefined || modelRole(name) === role,
    'has another role than its name',
  )

const graphSchema = z.strictObject({
  input: nameSchema,
  width: z.int().positive(),
  output: nameSchema,
  outputs: z.int().positive(),
})

const unique = (members: readonly ReleaseMember[]) => new Set(members.map(({ name }) => name)).size === members.length

const manifestSchema: z.ZodType<ReleaseManifest> = z.strictObject({
  schema: z.literal('ratchet.manifest/1'),
  channel: nameSchema,
  audience: audienceSchema,
  epoch: countSchema,
  version: z.int().positive(),
  releaseId: z.string().regex(/^r-[0-9a-f]{16}$/, 'must be r- and 16 hex digits'),
  label: z.string().refine(isVersionLabel, 'must be a version'),
  prevManifestSha256: digestSchema.nullable(),
  issuedAt: utcSchema,
  expiresAt: utcSchema,
  members: z.array(memberSchema).min(1).max(256).refine(unique, 'names a file twice'),
  featureSchemaSha256: digestSchema,
  graphSignatures: namedSchema(roleSchema, graphSchema),
  evaluationSha256: digestSchema,
  paritySha256: digestSchema,
  lineageSha256: digestSchema,
  gates: z.strictObject({
    ciBacktest: z.enum(['pass', 'fail', 'notApplicable']),
    driftScore: z.number().nonnegative(),
    verdict: z.enum(['pass', 'fail']),
  }),
  minRatchet: nameSchema,
  onnx: z.strictObject({ opset: z.int().positive(), ir: z.int().positive() }),
  provenance: z.enum(['real', 'simulated']),
})

/** The release's id: what is in it, whoever signed it (REL-15). */
export function releaseIdOf(members: readonly ReleaseMember[]): string {
  const digests = members.map(member => member.sha256).sort()
  return `r-${sha256(digests.join('\n')).slice(0, 16)}`
}

const DOCUMENT_DIGESTS = [
  ['features.json', 'featureSchemaSha256'],
  ['evaluation.json', 'evaluationSha256'],
  ['parity.json', 'paritySha256'],
  ['lineage.json', 'lineageSha256'],
] as const

/**
 * Reads the bytes that a signature covered. Faults: `MANIFEST_TOO_LARGE`, those of the strict parser, `MANIFEST_SCHEMA`,
 * `MANIFEST_UNKNOWN_FIELD`, and `MANIFEST_DIGEST` when the manifest contradicts itself.
 */
export function readManifest(bytes: Uint8Array, place = 'manifest.json'): Outcome<ReleaseManifest> {
  if (bytes.length > MANIFEST_CAP) {
    return refused('MANIFEST_TOO_LARGE', `${bytes.length} bytes, at most ${MANIFEST_CAP} are read`, { place })
  }
  const json = parseStrictObject(bytes, place)
  if (!json.ok) return json
  const manifest = fitSchema(manifestSchema, json.value, { unknownField: 'MANIFEST_UNKNOWN_FIELD', place })
  return manifest.ok ? agreeing(manifest.value, place, manifest) : manifest
}

/** One digest chain: the manifest's own digests are those of its members. */
function agreeing(
  manifest: ReleaseManifest,
  place: string,
  agreed: Outcome<ReleaseManifest>,
): Outcome<ReleaseManifest> {
  if (manifest.releaseId !== releaseIdOf(manifest.members)) {
    return refused('MANIFEST_DIGEST', `releaseId ${manifest.releaseId} is not that of the members`, { place })
  }
  for (const [name, field] of DOCUMENT_DIGESTS) {
    if (manifest.members.find(member => member.name === name)?.sha256 !== manifest[field]) {
      return refused('MANIFEST_DIGEST', `${field} is not the digest of ${name}`, { place })
    }
  }
  const graphless = manifest.members.find(({ name }) => {
    const role = modelRole(name)
    return role !== undefined && !Object.hasOwn(manifest.graphSignatures, role)
  })
  if (graphless === undefined) return agreed
  return refused('MANIFEST_DIGEST', `graphSignatures says nothing of ${graphless.name}`, { place })
}

/** The bytes to sign; canonical, so equal manifests are equal bytes. */
export const manifestBytesOf = (manifest: ReleaseManifest): Uint8Array =>
  new TextEncoder().encode(canonicalJson(manifest))
