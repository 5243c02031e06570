// The description of the API is kept: whoever changes it says so by storing the new one.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { ANSWERS } from '../../src/api/schemas/answers.ts'
import { type ApiWorld, openApiWorld } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

type Schema = {
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  type?: unknown
  enum?: unknown
}
type Operation = { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }

/** Without the version, which each release changes. */
function described() {
  const { info: _, ...document } = world.api.swagger()
  return document
}

// After a change that is meant: node --test --test-update-snapshots test/api/openapi.test.ts, and a line in the changelog.
test('the API is as it is described in docs/openapi.json', t => {
  const stored = join(import.meta.dirname, '../../docs/openapi.json')
  t.assert.fileSnapshot(described(), stored, { serializers: [document => `${JSON.stringify(document, null, 1)}\n`] })
})

/** Names, and whether they have to be there, all the way down. */
const shapeOf = ({ properties, required, items }: Schema): unknown => ({
  ...(properties && {
    of: Object.fromEntries(Object.entries(properties).map(([name, own]) => [name, shapeOf(own)])),
    required: [...(required ?? [])].sort(),
  }),
  ...(items && { each: shapeOf(items) }),
})

test('the page is built with the answers that the routes give', () => {
  const paths = described().paths as unknown as Record<string, Record<string, Operation>>
  for (const [path, schema] of Object.entries(ANSWERS)) {
    const answer =
      paths[path.replace(/:(\w+)/g, '{$1}')]?.['get']?.responses['200']?.content?.['application/json']?.schema
    assert.ok(answer, path)
    assert.deepEqual(shapeOf(answer), shapeOf(z.toJSONSchema(schema, { io: 'output' }) as Schema), path)
  }
})
