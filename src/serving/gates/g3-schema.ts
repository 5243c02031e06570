// G3: the release was trained on exactly the columns this bot computes, in this order (FEAT-05).

import { unwrap } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { featureSchemaHash } from '../../market/feature-schema.ts'
import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'
import { schemaDiff } from './schema-diff.ts'

const { pass, fail } = verdictsOf('G3')

export const schema: Gate = {
  name: 'G3',
  asks: 'the feature columns of this bot',
  check({ release, candidate, features }) {
    const ours = featureSchemaHash(features)
    const theirs = release.manifest.featureSchemaSha256
    const file = sha256(release.members.get('features.json') ?? '')
    if (file !== theirs) return fail(file, theirs, 'features.json is not the schema that the manifest names')
    if (theirs === ours) return pass(theirs, ours)
    const differences = schemaDiff(features, unwrap(candidate).features)
    return fail(theirs, ours, differences.join('; ') || 'the same columns in other bytes')
  },
}
