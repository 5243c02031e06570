// LIB-01: what a bot must install to be served is little, and holds no native code.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Packages that a file and all it imports load; imports of types load nothing. */
function packagesOf(entry: string): string[] {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const found = readFileSync(file, 'utf8').matchAll(
      /(?:^|\n)(?:import|export)\s(?!type\b)[^'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
    )
    for (const match of found) {
      const name = (match[1] ?? match[2] ?? match[3])!
      if (name.startsWith('.')) visit(resolve(dirname(file), name))
      else if (!name.startsWith('node:'))
        packages.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
    }
  }
  visit(entry)
  assert.ok(seen.size > 50, 'the imports are found')
  return [...packages].sort()
}

test('the serving entry point loads three packages and no runtime of its own', () => {
  const entry = fileURLToPath(new URL('../../src/entry/serving.ts', import.meta.url))
  assert.deepEqual(packagesOf(entry), ['@bufbuild/protobuf', 'kysely', 'zod'])
})
