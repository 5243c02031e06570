// Members of a plain manifest under the names we use inside; snake_case and PascalCase are read alike (REL-10).

import { Fault } from '../base/fault.ts'
import { isJsonObject, type JsonObject, plainValue } from './strict-json.ts'

const TOP = { version: 'Version', timestamp: 'Timestamp', training_samples: 'TrainingSamples', models: 'Models' }
const MODEL = { url: 'Url', checksum: 'Checksum', size: 'Size' }

/** Picks members by either spelling; both at once are `MANIFEST_SCHEMA`, because readers would disagree. */
function pick(members: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  const picked: JsonObject = new Map(
    Object.entries(names).flatMap(([snake, pascal]) => {
      if (members.has(snake) && members.has(pascal)) {
        throw new Fault('MANIFEST_SCHEMA', `has both "${snake}" and "${pascal}"`)
      }
      const value = members.get(snake) ?? members.get(pascal)
      return value === undefined ? [] : [[snake, value] as const]
    }),
  )
  return picked
}

/** Plain values for the schema. Faults: `MANIFEST_SCHEMA`, `MANIFEST_NUMBER`. */
export function plainNames(body: JsonObject): unknown {
  const top = pick(body, TOP)
  const models = top.get('models')
  const named =
    models !== undefined && isJsonObject(models)
      ? Object.fromEntries(
          [...models].map(([name, model]) => [name, plainValue(isJsonObject(model) ? pick(model, MODEL) : model)]),
        )
      : undefined
  const member = (name: string) => plainValue(top.get(name) ?? null)
  return {
    version: member('version'),
    timestamp: member('timestamp'),
    trainingSamples: member('training_samples'),
    models: named,
  }
}
