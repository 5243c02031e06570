// The ordered feature schema of each role, and its hash: what trained and live rows must have in common (FEAT-05).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'

export type FeatureMode = 'bars' | 'quotes' | 'trades' | 'depth'

export type FeatureColumn = {
  readonly name: string
  readonly version: number
  readonly dtype: 'float32'
  readonly parameters: Readonly<Record<string, number | string>>
  readonly mode: FeatureMode
  /** What the column is without its source; null where a row cannot exist without it. */
  readonly neutral: number | null
  /** Values expected in practice; sanity vectors are drawn from it. */
  readonly range: readonly [number, number]
  readonly missing: 'neutral' | 'refuse'
}

/** Role -> ordered columns of that role's model input. `features.json` of a release is exactly this, canonical. */
export type FeatureSchema = Readonly<Record<string, readonly FeatureColumn[]>>

export function featureSchemaBytes(schema: FeatureSchema): Uint8Array {
  return new TextEncoder().encode(canonicalJson(schema))
}

/** SHA-256 of the canonical JSON, lower-case hex. */
export function featureSchemaHash(schema: FeatureSchema): string {
  return sha256(featureSchemaBytes(schema))
}
