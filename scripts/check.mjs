// `npm test`: types, lint, format, then every test file of the checkout, and one summary that is true to all of it.
// `--long` adds the long sets; `--as-is` installs nothing on the machine; `faults` runs the tests of the fault catalogue alone.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { faultTable } from './faults.mjs'
import { runTests, testFiles } from './run-tests.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
const long = process.argv.includes('--long')
if (long) process.env.RATCHET_LONG = '1'

const problems = []

function step(name, command, args) {
  const started = performance.now()
  const done = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const ok = done.status === 0
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (!ok) console.log(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`)
  return ok
}

function check(name, tool, args) {
  if (!step(name, `node_modules/.bin/${tool}`, args)) problems.push(`${name} failed`)
}

/** Debian's programs that some tests compare or look with; without them those tests say so and are skipped. */
function installReferences() {
  const wanted = {
    'python3-onnx': '/usr/lib/python3/dist-packages/onnx',
    strace: '/usr/bin/strace',
    // Another one does as well.
    chromium:
      [process.env.CHROMIUM_PATH, '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
        place => place && existsSync(place),
      ) ?? '/usr/bin/chromium',
  }
  const missing = Object.keys(wanted).filter(name => !existsSync(wanted[name]))
  if (missing.length === 0) return
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.log(`note: ${missing.join(', ')} not installed; tests that need them are skipped in words`)
    return
  }
  step(`installing ${missing.join(', ')}`, 'sh', [
    '-c',
    `apt-get update -q && apt-get install -y -q --no-install-recommends ${missing.join(' ')}`,
  ])
}

const faultsOnly = process.argv.includes('faults')
if (!process.argv.includes('--as-is')) installReferences()
if (!faultsOnly) {
  check('types', 'tsc', ['-p', '.'])
  check('types of the dashboard', 'tsc', ['-p', 'web'])
  check('lint', 'oxlint', ['--type-aware', '--deny-warnings'])
  check('format', 'biome', ['ci', '--error-on-warnings', '.'])
}

/** Of the catalogue: whatever lies in `test/faults`, and every other file whose tests name a case. */
const isOfFaults = file => file.startsWith('test/faults/') || /\bfaults? (?:\d|\$\{)/.test(readFileSync(file, 'utf8'))

const files = testFiles(root).filter(file => !faultsOnly || isOfFaults(file))
const tests = []
const started = performance.now()
const {
  suites,
  seconds,
  skips,
  problems: found,
} = await runTests({
  root,
  files,
  timeoutMs: long ? 3_600_000 : 600_000,
  print: line => console.log(line),
  onTest: one => tests.push(one),
})
problems.push(...found)
const table = faultTable(tests)
if (files.includes('test/faults/table.test.ts')) problems.push(...table.problems)

for (const line of skips) console.log(line)
for (const line of faultsOnly ? table.lines : []) console.log(line)
const total = { passed: 0, failed: 0, skipped: 0 }
for (const [name, counts] of [...suites].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`suite ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  for (const key of Object.keys(total)) total[key] += counts[key]
}
const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, 10)
console.log(`slowest: ${slowest.map(([file, took]) => `${file} ${took.toFixed(0)} s`).join(', ')}`)
for (const problem of problems) console.log(`problem: ${problem}`)
console.log(`${files.length} test files, ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(problems.length === 0 ? 0 : 1)
