// What the first look costs: built as people get it, compressed as a server could, and under a content security policy of 'self'.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const LIMIT_BYTES = 300_000
const folder = mkdtempSync(join(tmpdir(), 'ratchet-web-'))
const read = (file: string): Buffer => readFileSync(join(folder, file))

before(async () => {
  const root = fileURLToPath(new URL('.', import.meta.url))
  await build({ root, configLoader: 'native', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
})

after(() => rmSync(folder, { recursive: true, force: true }))

/** A script and what it imports before it can run. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const imports = read(file)
    .toString()
    .matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)
  for (const [, name] of imports) closure(`assets/${name}`, seen)
  return seen
}

const compressed = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0)

const html = (): string => read('index.html').toString()
const firstLoad = (): Set<string> => {
  const named = [...html().matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file!)
  return new Set([
    'index.html',
    ...named,
    ...named.filter(file => file.endsWith('.js')).flatMap(file => [...closure(file)]),
  ])
}

test('the first load stays below 300 kB compressed, and so does each page with it', t => {
  const first = firstLoad()
  const sizes = readdirSync(join(folder, 'assets'))
    .filter(file => file.includes('-page-'))
    .map(file => [file.split('-page-')[0]!, compressed(new Set([...first, ...closure(`assets/${file}`)]))] as const)
  const overview = compressed(first)
  t.diagnostic(
    `first load ${(overview / 1000).toFixed(0)} kB; ${sizes.map(([name, size]) => `with ${name} ${(size / 1000).toFixed(0)} kB`).join(', ')}`,
  )
  assert.ok(overview > 50_000, 'the scripts are found')
  assert.equal(sizes.length, 3)
  for (const size of [overview, ...sizes.map(([, bytes]) => bytes)]) assert.ok(size <= LIMIT_BYTES, `${size} bytes`)
})

test('nothing is inline and nothing comes from elsewhere', () => {
  assert.doesNotMatch(html(), /<style|style=|<script>|<script[^>]*>[^<]/)
  assert.doesNotMatch(html(), /(?:src|href)="(?:https?:)?\/\//)
  for (const file of readdirSync(join(folder, 'assets')).filter(name => name.endsWith('.css'))) {
    assert.doesNotMatch(read(`assets/${file}`).toString(), /@import|url\((?!["']?data:)/)
  }
})

test('no script makes code out of text', () => {
  for (const file of readdirSync(join(folder, 'assets')).filter(name => name.endsWith('.js'))) {
    assert.doesNotMatch(read(`assets/${file}`).toString(), /\beval\(|new Function\(/, file)
  }
})
