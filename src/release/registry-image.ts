// `config/model-registry.json`: the registry as people and other tools read it (REL-55). The database is the registry; this is its image,
// and what another installation can take over from it.

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { digestSchema, fitSchema, namedSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

/** Most bytes that are read of a registry file, in any of its shapes. */
export const REGISTRY_CAP = 16 * 1024 * 1024

export const MODEL_STATES = [
  'available',
  'staged',
  'installed',
  'shadow',
  'canary',
  'active',
  'previous',
  'rolledBack',
  'quarantined',
  'retired',
  'blocked',
] as const

const text = z.string().max(4_096)
const maybe = <T>(schema: z.ZodType<T>) => schema.nullable().default(null)
const open = namedSchema(z.string(), z.unknown())

const trainingSchema = z.strictObject({
  /** RFC 3339, UTC. */
  start: maybe(text),
  end: maybe(text),
  rows: maybe(z.int().nonnegative()),
  dataSha256: maybe(text),
})

const entryShape = {
  releaseId: maybe(text),
  id: text.min(1),
  name: text.min(1),
  role: maybe(text),
  version: maybe(text),
  url: maybe(text),
  sha256: maybe(digestSchema),
  sizeBytes: maybe(z.int().nonnegative()),
  publishedAt: maybe(text),
  state: z.enum(MODEL_STATES),
  family: maybe(text),
  symbol: maybe(text),
  strategy: maybe(text),
  regime: maybe(text),
  training: maybe(trainingSchema),
  metrics: namedSchema(text, z.number().nullable()).default({}),
  performance: open.optional(),
  metadata: open.default({}),
  /** Whatever else was said, kept as it was. */
  extra: open.default({}),
}

export const ENTRY_FIELDS: readonly string[] = Object.keys(entryShape)

const blockSchema = z.strictObject({ digest: digestSchema, at: text, code: text, reason: text })

const imageShape = {
  schema: z.literal('ratchet.registry/3'),
  updatedAt: text,
  channel: text,
  /** Slot -> release. */
  active: namedSchema(text, text).default({}),
  previous: namedSchema(text, text).default({}),
  pinned: z.array(text).default([]),
  blocked: z.array(blockSchema).default([]),
  available: z.array(z.unknown()).default([]),
  installed: z.array(z.unknown()).default([]),
  config: open.default({}),
  extra: open.default({}),
}

/** One model of one release. */
export type RegistryEntry = z.infer<z.ZodObject<typeof entryShape>>
export type ModelState = RegistryEntry['state']

export type RegistryImage = Omit<z.infer<z.ZodObject<typeof imageShape>>, 'available' | 'installed'> & {
  readonly available: readonly RegistryEntry[]
  readonly installed: readonly RegistryEntry[]
}

type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Members that a reader of this version does not know move to `extra`, so that writing again loses nothing. */
function gathered(members: Members, known: readonly string[]): Members {
  const unknown = Object.entries(members).filter(([name]) => !known.includes(name))
  if (unknown.length === 0) return members
  const kept = Object.fromEntries(Object.entries(members).filter(([name]) => known.includes(name)))
  const before = isMembers(members['extra']) ? members['extra'] : {}
  return { ...kept, extra: { ...before, ...Object.fromEntries(unknown) } }
}

export const entrySchema = z
  .unknown()
  .transform(value => (isMembers(value) ? gathered(value, ENTRY_FIELDS) : value))
  .pipe(z.strictObject(entryShape))

const imageSchema = z
  .unknown()
  .transform(value => (isMembers(value) ? gathered(value, Object.keys(imageShape)) : value))
  .pipe(z.strictObject({ ...imageShape, available: z.array(entrySchema), installed: z.array(entrySchema) }))

/**
 * Refusals: `REGISTRY_SCHEMA` with the field, `REGISTRY_TOO_LARGE`, and those of the strict parser.
 *
 * @example unwrap(readRegistryImage(await disk.read('config/model-registry.json', REGISTRY_CAP))).installed
 */
export function readRegistryImage(bytes: Uint8Array, place = 'model-registry.json'): Outcome<RegistryImage> {
  const json = readRegistryFile(bytes, place)
  return json.ok ? asRegistryImage(json.value, place) : json
}

/** Plain values that should be an image. Refusal: `REGISTRY_SCHEMA`. */
export const asRegistryImage = (file: Members, place: string): Outcome<RegistryImage> =>
  fitSchema(imageSchema, file, { code: 'REGISTRY_SCHEMA', place })

/** A registry file of any shape as plain values. */
export function readRegistryFile(bytes: Uint8Array, place: string): Outcome<Members> {
  if (bytes.length > REGISTRY_CAP) {
    return refused('REGISTRY_TOO_LARGE', `${bytes.length} bytes, at most ${REGISTRY_CAP} are read`, { place })
  }
  const json = parseStrictObject(bytes, place)
  return json.ok ? accepted(json.value as Members) : json
}

/** Equal images are equal bytes: sorted keys, two spaces, a line end. */
export function registryImageBytes(image: RegistryImage): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(JSON.parse(canonicalJson(image)), null, 2)}\n`)
}
