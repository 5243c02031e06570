// The dashboard knows the server by its types alone: nothing of `src` is in what a browser gets.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('src', import.meta.url))

test('whatever is imported from the server is a type', () => {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .flatMap(name => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/^(import|export)([^'"]*)['"]((?:\.\.\/)+src\/[^'"]+)/gm),
    ])
  assert.ok(found.length > 20, 'the imports are found')
  for (const [line, , what] of found) assert.match(what!, /^ type /, line)
})
