// The files of a release, all but the manifest and its envelope, as bytes that are equal for equal runs (REL-01).

import { canonicalJson } from '../base/canonical-json.ts'
import { type FeatureSchema, featureSchemaBytes } from '../market/feature-schema.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { ReleaseMembers, StandardRole } from '../release/release.ts'
import { cardText } from './card.ts'
import { type Lineage, type MetadataInput, metadataOf } from './lineage.ts'
import type { Certified } from './parity.ts'

export type MembersInput = {
  readonly models: ReadonlyMap<StandardRole, Uint8Array>
  readonly evaluation: Evaluation
  readonly certified: Certified
  readonly schema: FeatureSchema
  readonly lineage: Lineage
  readonly metadata: Omit<MetadataInput, 'models' | 'evaluation'>
}

const utf8 = new TextEncoder()
const json = (value: unknown): Uint8Array => utf8.encode(canonicalJson(value))

/** @returns name -> bytes, in the order of names */
export function releaseMembers(input: MembersInput): ReleaseMembers {
  const { models, evaluation, certified, schema, lineage, metadata } = input
  const graphs = new Map(Array.from(models, ([role, bytes]) => [`models/${role}.onnx`, bytes] as const))
  const members: [string, Uint8Array][] = [
    ...graphs,
    ...Array.from(certified.golden, ([role, bytes]): [string, Uint8Array] => [`golden/${role}.json`, bytes]),
    ['evaluation.json', json(evaluation)],
    ['parity.json', json(certified.certificate)],
    ['features.json', featureSchemaBytes(schema)],
    ['lineage.json', json(lineage)],
    ['metadata.json', json(metadataOf({ ...metadata, models: graphs, evaluation }))],
    ['card.md', utf8.encode(cardText({ evaluation, parity: certified.certificate, lineage, semVer: metadata.semVer }))],
  ]
  return new Map(members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
