// A foreign `metadata.json`, in camelCase or PascalCase (REL-05): what it says of its models, and the digests it lists.

import { z } from 'zod'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { MODELS_CAP } from './limits.ts'
import { fitSchema, namedSchema } from './schema.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseStrictJson, plainValue } from './strict-json.ts'

const METADATA_CAP = 64 * 1024

const text = z.string().max(256)
const digest = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be the 64 hex digits of a sha256')
  .transform(hex => hex.toLowerCase())

const metadataSchema = z.object({
  files: namedSchema(
    z.string().min(1).max(255),
    z.object({ sha256: digest, size: z.int().nonnegative().optional() }),
  ).refine(files => Object.keys(files).length <= MODELS_CAP, `must list at most ${MODELS_CAP} files`),
  family: text.optional(),
  symbol: text.optional(),
  strategy: text.optional(),
  regime: text.optional(),
  semVer: text.optional(),
  createdAt: text.optional(),
  trainingMetrics: z
    .object({
      datasetSize: z.int().nonnegative().optional(),
      validationScore: z.number().optional(),
      trainingDuration: z.number().nonnegative().optional(),
      features: z.union([z.int().nonnegative(), z.array(text).max(10_000)]).optional(),
      targetDistribution: namedSchema(text, z.number()).optional(),
    })
    .optional(),
})

/** What somebody says of models, proven by nothing: never enough for a signature policy. */
export type ForeignMetadata = z.infer<typeof metadataSchema>

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Members by either spelling; both at once are refused, because readers would differ in which one counts. */
function named(members: JsonObject, names: readonly string[]): Map<string, JsonValue> {
  const found = new Map<string, JsonValue>()
  for (const name of names) {
    const [lower, upper] = [members.get(name), members.get(pascal(name))]
    if (lower !== undefined && upper !== undefined) {
      throw new Fault('METADATA_SCHEMA', `has both "${name}" and "${pascal(name)}"`)
    }
    const value = lower ?? upper
    if (value !== undefined && value !== null) found.set(name, value)
  }
  return found
}

const shaped = (value: JsonValue | undefined, names: readonly string[]): JsonValue | undefined =>
  value !== undefined && value !== null && typeof value === 'object' && isJsonObject(value)
    ? named(value, names)
    : value

const TOP = Object.keys(metadataSchema.shape)
const METRICS = Object.keys(metadataSchema.shape.trainingMetrics.unwrap().shape)

/** `{sha256, size}`, or the digest alone. */
function fileOf(value: JsonValue): JsonValue {
  return typeof value === 'string' ? new Map([['sha256', value]]) : (shaped(value, ['sha256', 'size']) ?? value)
}

function normalised(document: JsonObject): unknown {
  const top = named(document, TOP)
  const files = top.get('files')
  if (files !== undefined && files !== null && typeof files === 'object' && isJsonObject(files)) {
    top.set('files', new Map([...files].map(([name, value]) => [name, fileOf(value)])))
  }
  const metrics = shaped(top.get('trainingMetrics'), METRICS)
  if (metrics !== undefined) top.set('trainingMetrics', metrics)
  return plainValue(top)
}

/**
 * Members of other names are ignored. Refusals: `METADATA_SCHEMA`, `MANIFEST_TOO_LARGE`, and those of the strict parser.
 *
 * @param place label of the file, for faults
 */
export function readForeignMetadata(bytes: Uint8Array, place = 'metadata.json'): Outcome<ForeignMetadata> {
  if (bytes.length > METADATA_CAP) {
    return refused('MANIFEST_TOO_LARGE', `${bytes.length} bytes, at most ${METADATA_CAP} are read`, { place })
  }
  const json = parseStrictJson(bytes)
  if (!json.ok) return refused(json.fault.code, json.fault.message, { place, cause: json.fault })
  if (!isJsonObject(json.value)) return refused('METADATA_SCHEMA', 'must be an object', { place })
  try {
    return fitSchema(metadataSchema, normalised(json.value), { code: 'METADATA_SCHEMA', place })
  } catch (cause) {
    if (cause instanceof Fault) return refused(cause.code, cause.message, { place, cause })
    throw cause
  }
}

/** A file as it was found. */
export type FoundFile = { readonly label: string; readonly sha256: string; readonly size: number }

/**
 * Every digest and size that is listed, against the files beside the metadata. Refusal: `METADATA_HASH`.
 *
 * @param folder what labels begin with: that of the metadata itself
 */
export function checkForeignFiles(
  { files }: ForeignMetadata,
  found: readonly FoundFile[],
  { place, folder }: { readonly place: string; readonly folder: string },
): Outcome<void> {
  for (const [name, listed] of Object.entries(files)) {
    const file = found.find(({ label }) => label === `${folder}${name}`)
    if (file === undefined) return refused('METADATA_HASH', `lists ${name}, which is not there`, { place })
    if (file.sha256 !== listed.sha256 || (listed.size !== undefined && file.size !== listed.size)) {
      return refused('METADATA_HASH', `size or sha256 of ${name} is another`, { place })
    }
  }
  return accepted(undefined)
}
