// `metadata.json` beside the models: its digests must be those of the model files (REL-01, REL-05).

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { modelRole } from './limits.ts'
import type { ReleaseMembers } from './release.ts'
import { fitSchema, namedSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

const PLACE = 'metadata.json'
const metadataSchema = z.object({
  schema: z.literal('ratchet.metadata/1'),
  files: namedSchema(z.string(), z.object({ sha256: z.string(), size: z.number() })),
})

/** Every model listed with its real size and digest, and nothing else: otherwise `METADATA_HASH`. */
export function checkMetadata(members: ReleaseMembers): Outcome<void> {
  const json = parseStrictObject(members.get(PLACE)!, PLACE)
  const metadata = json.ok ? fitSchema(metadataSchema, json.value, { code: 'MEMBER_SCHEMA', place: PLACE }) : json
  if (!metadata.ok) return metadata
  const models = [...members].filter(([name]) => modelRole(name) !== undefined)
  const { files } = metadata.value
  const stray = Object.keys(files).find(name => !models.some(([model]) => model === name))
  if (stray !== undefined) return refused('METADATA_HASH', `lists ${stray}, which is no model here`, { place: PLACE })
  for (const [name, bytes] of models) {
    const listed = Object.hasOwn(files, name) ? files[name] : undefined
    if (listed === undefined) return refused('METADATA_HASH', `does not list ${name}`, { place: PLACE })
    if (listed.sha256 !== sha256(bytes) || listed.size !== bytes.length) {
      return refused('METADATA_HASH', `size or sha256 of ${name} is another`, { place: PLACE })
    }
  }
  return accepted(undefined)
}
