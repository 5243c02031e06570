// Reads the documents that travel inside the signature. Signed is not the same as well-formed: each is parsed before it is believed.

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import type { Evaluation, GoldenVectors, ParityCertificate } from '../release/evaluation.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { parseStrictJson, plainValue } from '../release/strict-json.ts'

const count = z.int().min(0)
const finite = z.number()
const figure = finite.nullable()
const metric = z.looseObject({ value: figure, low: figure, high: figure, n: count, note: z.string().optional() })
const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value)

const evaluation = z.looseObject({
  schema: z.literal('ratchet.evaluation/1'),
  symbol: z.string(),
  provenance: z.enum(['real', 'simulated']),
  windows: z.looseObject({
    fit: z.tuple([finite, finite]),
    holdout: z.tuple([finite, finite]),
    embargoMs: finite.min(0),
  }),
  rows: z.looseObject({
    total: count,
    fit: count,
    holdout: count,
    effective: finite.min(0),
    fired: count,
    thinned: count,
  }),
  thin: z.boolean(),
  classes: z.array(z.string()).min(1),
  roles: byName(
    z.looseObject({
      baseline: z.boolean(),
      holdout: byName(metric),
      folds: byName(z.array(figure)),
      baselines: byName(byName(metric)),
      calibration: z.array(z.looseObject({ predicted: finite, observed: finite, n: count })).optional(),
      importance: byName(finite).optional(),
      curve: z
        .array(z.looseObject({ curve: z.enum(['train', 'validation', 'rate']), x: finite, y: finite }))
        .max(1_000)
        .optional(),
    }),
  ),
  scores: z.array(finite).max(2_000),
  trials: count,
  multiplicity: z
    .looseObject({
      trials: z.int().min(1),
      looks: count,
      holdoutViews: count,
      sharpeVariance: finite.min(0).nullable(),
      pbo: finite.min(0).max(1).nullable(),
      deflatedSharpe: metric,
    })
    .optional(),
  search: z
    .looseObject({
      role: z.string(),
      method: z.string(),
      stopped: z.string(),
      defaults: finite,
      chosen: count.nullable(),
      trials: z.array(
        z.looseObject({
          number: count,
          resource: finite,
          value: figure,
          fault: z.string().nullable(),
          parameters: byName(z.union([finite, z.string(), z.boolean()])),
        }),
      ),
      importance: byName(finite),
    })
    .optional(),
  drift: z.looseObject({ score: finite.min(0).max(1), labels: finite, columns: byName(finite) }).optional(),
  gates: z.array(
    z.looseObject({
      gate: z.string(),
      value: z.union([finite, z.string(), z.null()]),
      limit: z.union([finite, z.string(), z.null()]),
      result: z.string(),
      paper: z.boolean().optional(),
    }),
  ),
  verdict: z.enum(['pass', 'fail']),
})

const golden = z.object({
  schema: z.literal('ratchet.golden/1'),
  role: z.string(),
  rows: z.int().min(1),
  width: z.int().min(1),
  outputs: z.int().min(1),
  input: z.base64(),
  output: z.base64(),
})

const parity = z.looseObject({
  schema: z.literal('ratchet.parity/1'),
  runtime: z.string(),
  cpu: z.string().optional(),
  opset: z.int(),
  roles: byName(
    z.looseObject({
      rows: count,
      thresholdAdjacent: count,
      maxAbsError: finite,
      maxRelError: finite.optional(),
      maxUlp: finite,
      decisionFlips: count,
      goldenSha256: z.string(),
    }),
  ),
})

const lineage = z.looseObject({
  schema: z.literal('ratchet.lineage/1'),
  data: z.array(z.looseObject({ snapshotId: z.string(), symbol: z.string(), barMs: finite, provenance: z.string() })),
  codeVersion: z.string(),
  lockfileSha256: z.string(),
  configSha256: z.string(),
  /** Absent in releases from before they were kept. */
  config: byName(z.unknown()).optional(),
  featureSchemaSha256: z.string().optional(),
  seed: z.int(),
  parentRelease: z.string().nullable(),
  machine: z.string(),
  runtime: z.string(),
  asOf: z.string(),
  finishedAt: z.string(),
})

/** Where a release comes from, as far as it is shown. */
export type Ancestry = Readonly<z.infer<typeof lineage>>

const column = z.object({
  name: z.string(),
  version: z.int(),
  dtype: z.literal('float32'),
  parameters: byName(z.union([finite, z.string()])),
  mode: z.enum(['bars', 'quotes', 'trades', 'depth']),
  neutral: figure,
  range: z.tuple([finite, finite]),
  missing: z.enum(['neutral', 'refuse']),
})

type Members = Pick<VerifiedRelease, 'members'>

function read<T>(release: Members, name: string, shape: z.ZodType<T>): Outcome<T> {
  const bytes = release.members.get(name)
  if (bytes === undefined) return refused('EVIDENCE_MISSING', `the release has no ${name}`, { place: name })
  const json = parseStrictJson(bytes)
  if (!json.ok) return refused('EVIDENCE_INVALID', `${name}: ${json.fault.message}`, { place: name, cause: json.fault })
  const parsed = shape.safeParse(plainValue(json.value))
  if (parsed.success) return accepted(parsed.data)
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? name : `${name}: ${issue.path.map(String).join('.')}`
  return refused('EVIDENCE_INVALID', `${where}: ${issue?.message ?? 'not of the expected form'}`, { place: name })
}

export const readEvaluation = (release: Members): Outcome<Evaluation> => read(release, 'evaluation.json', evaluation)

export const readParity = (release: Members): Outcome<ParityCertificate> => read(release, 'parity.json', parity)

export const readLineage = (release: Members): Outcome<Ancestry> => read(release, 'lineage.json', lineage)

/** What the models were made with, whatever the data; undefined where the release does not say, or was put together by hand. */
export function recipeOf(release: Members): string | undefined {
  const read = readLineage(release)
  return read.ok && read.value['imported'] === undefined ? read.value.configSha256 : undefined
}

export const readFeatures = (release: Members): Outcome<FeatureSchema> =>
  read(release, 'features.json', byName(z.array(column)))

/** Rows and expected outputs of one role, decoded. */
export type Golden = {
  readonly rows: number
  readonly width: number
  readonly outputs: number
  readonly input: Float32Array
  readonly output: Float32Array
}

function floats(base64: string, length: number): Float32Array | undefined {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.byteLength !== length * 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length }, (_, index) => view.getFloat32(index * 4, true))
}

export function readGolden(release: Members, role: string): Outcome<Golden> {
  const name = `golden/${role}.json`
  const vectors: Outcome<GoldenVectors> = read(release, name, golden)
  if (!vectors.ok) return vectors
  const { rows, width, outputs } = vectors.value
  const input = floats(vectors.value.input, rows * width)
  const output = floats(vectors.value.output, rows * outputs)
  if (vectors.value.role !== role || input === undefined || output === undefined) {
    return refused('EVIDENCE_INVALID', `${name} does not hold ${rows} vectors of ${role}`, { place: name })
  }
  return accepted({ rows, width, outputs, input, output })
}
