// `npm test` in small projects of its own: what is missing, skipped without a word or broken fails the run, and nothing else does.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const scripts = fileURLToPath(new URL('../scripts', import.meta.url))
const PASSES = "import { test } from 'node:test'\ntest('it holds', () => {})\n"
const TOOLS = ['tsc', 'oxlint', 'biome']

type Project = {
  /** Test files by path. */
  readonly files: Readonly<Record<string, string>>
  /** The tool that finds something. */
  readonly broken?: string
}

/** Runs the checks in a project whose compiler, linter and formatter are scripts that only end. */
function check(t: TestContext, { files, broken }: Project): { readonly status: number | null; readonly text: string } {
  const root = mkdtempSync(join(tmpdir(), 'ratchet-check-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode })
  }
  for (const name of ['check.mjs', 'faults.mjs', 'run-tests.mjs'])
    cpSync(join(scripts, name), join(root, 'scripts', name))
  write('package.json', '{ "type": "module" }')
  for (const tool of TOOLS) {
    write(`node_modules/.bin/${tool}`, `#!/bin/sh\necho ${tool} looked\nexit ${tool === broken ? 1 : 0}\n`, 0o755)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  // The runner refuses to run inside a test unless this is gone.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const done = spawnSync(process.execPath, ['scripts/check.mjs', '--as-is'], { cwd: root, env, encoding: 'utf8' })
  return { status: done.status, text: done.stdout + done.stderr }
}

const posix = { skip: process.platform === 'win32' ? 'the stand-ins for the tools are shell scripts' : false }

test('everything that is listed ran and passed: exit code 0, with counts by suite', posix, t => {
  const { status, text } = check(t, {
    files: {
      'src/base/a.test.ts': PASSES,
      'test/b.test.ts': PASSES,
      'test/faults/c.test.ts':
        "import { test } from 'node:test'\ntest('later', { skip: 'needs a printer' }, () => {})\ntest('now', () => {})\n",
      'node_modules/other/d.test.ts': 'throw new Error("of someone else")\n',
    },
  })
  assert.equal(status, 0, text)
  assert.match(text, /^suite unit: 1 passed, 0 failed, 0 skipped$/m)
  assert.match(text, /^suite integration: 1 passed/m)
  assert.match(text, /^suite faults: 1 passed, 0 failed, 1 skipped$/m)
  assert.match(text, /^SKIPPED test\/faults\/c\.test\.ts: later \(needs a printer\)$/m)
  assert.match(text, /^3 passed, 0 failed, 1 skipped$/m)
})

const failing: readonly (readonly [string, Project, RegExp])[] = [
  ['a project without a test file', { files: {} }, /problem: there is no test file/],
  [
    'a file in which no test ran',
    { files: { 'src/a.test.ts': PASSES, 'src/b.test.ts': 'export const nothing = 1\n' } },
    /problem: no test ran in src\/b\.test\.ts/,
  ],
  [
    'a suite of which every test is skipped',
    {
      files: {
        'src/a.test.ts': PASSES,
        'test/faults/b.test.ts': PASSES.replace("'it holds', ", "'it holds', { skip: 'why' }, "),
      },
    },
    /problem: suite faults ran no test/,
  ],
  [
    'a skip without a reason',
    { files: { 'src/a.test.ts': `${PASSES}test.skip('one day', () => {})\n` } },
    /problem: skip without a reason: src\/a\.test\.ts: one day/,
  ],
  [
    'a test that is still to do, even a failing one',
    { files: { 'src/a.test.ts': `${PASSES}test.todo('one day', () => { throw new Error('no') })\n` } },
    /problem: still to do: src\/a\.test\.ts: one day/,
  ],
  [
    'a test that fails',
    { files: { 'src/a.test.ts': `${PASSES}test('it breaks', () => { throw new Error('so be it') })\n` } },
    /FAIL src\/a\.test\.ts: it breaks\n.*so be it[^]*problem: test failed: src\/a\.test\.ts: it breaks/,
  ],
  [
    'a file that cannot be loaded',
    { files: { 'src/a.test.ts': PASSES, 'src/b.test.ts': "import './missing.ts'\n" } },
    /FAIL src\/b\.test\.ts[^]*missing\.ts[^]*problem: src\/b\.test\.ts failed/,
  ],
  [
    'a file that ends its process before its tests are done',
    {
      files: {
        'src/a.test.ts': PASSES,
        'src/b.test.ts': `${PASSES}test('it ends', async () => { await null; process.exit(0) })\n`,
      },
    },
    /problem: (no test ran in src\/b\.test\.ts|src\/b\.test\.ts ended before its tests did)/,
  ],
  ...TOOLS.map(
    (tool, i) =>
      [
        `a finding of ${tool}`,
        { files: { 'src/a.test.ts': PASSES }, broken: tool },
        new RegExp(`${tool} looked[^]*problem: ${['types', 'lint', 'format'][i]} failed`),
      ] as const,
  ),
]

for (const [what, project, said] of failing) {
  test(`${what} fails the run`, posix, t => {
    const { status, text } = check(t, project)
    assert.equal(status, 1, text)
    assert.match(text, said)
  })
}
