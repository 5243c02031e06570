// The guides: every command that they show is done, in the order in which it stands there (DOC-06).

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const folderOf = join(root, 'docs', 'guides')
const run = promisify(execFile)

test('what the guides show is done as it stands, in one folder a guide, and ends well', { concurrency: 3 }, async t => {
  const guides = readdirSync(folderOf)
  assert.ok(guides.length >= 3)
  const sample = join(root, 'node_modules/vega-datasets/data/sp500-2000.csv')
  await Promise.all(
    guides.map(guide =>
      t.test(guide, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'ratchet-guide-'))
        try {
          cpSync(sample, join(folder, 'sp500.csv'))
          const blocks = [...readFileSync(join(folderOf, guide), 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map(
            ([, block]) => block!,
          )
          const lines = blocks.flatMap(block => block.split('\n').filter(line => line !== ''))
          assert.ok(lines.length > 3)
          for (const line of lines) {
            assert.match(line, /^\.\/ratchet [\w\s.-]+$/, 'a guide shows nothing that a test cannot do')
            const args = [join(root, 'src/app.ts'), ...line.split(' ').slice(1)]
            const env = {
              PATH: process.env['PATH'] ?? '',
              MANIFEST_HMAC_KEY: 'a key for guides that nobody else has, 9',
            }
            await run(process.execPath, args, { cwd: folder, env })
          }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      }),
    ),
  )
})
