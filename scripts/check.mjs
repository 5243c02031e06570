// `npm test`: types, lint, format, and every test file that git lists, with counts that cannot hide an absence:
// a suite without a test, a listed file that did not run, or a skip without a reason is a failure.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
const long = process.argv.includes('--long')
if (long) process.env.RATCHET_LONG = '1'

const step = (name, command, args) => {
  const started = Date.now()
  const done = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const ok = done.status === 0
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (!ok) console.log(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`)
  return ok
}

/** Debian's reference programs that some tests compare with; without them those tests say so and are skipped. */
function installReferences() {
  const wanted = { 'python3-onnx': '/usr/lib/python3/dist-packages/onnx', strace: '/usr/bin/strace' }
  const missing = Object.keys(wanted).filter(name => !existsSync(wanted[name]))
  if (missing.length === 0) return
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.log(`note: ${missing.join(', ')} not installed; tests that compare with them are skipped in words`)
    return
  }
  step(`installing ${missing.join(', ')}`, 'sh', [
    '-c',
    `apt-get update -q && apt-get install -y -q --no-install-recommends ${missing.join(' ')}`,
  ])
}

const suiteOf = file => {
  if (file === 'test/floors.test.ts') return 'floors'
  const parts = file.split('/')
  if (parts[0] === 'test') return parts.length > 2 ? parts[1] : 'integration'
  return parts[0] === 'src' ? 'unit' : parts[0]
}

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => file !== '' && existsSync(file))

const bin = name => `node_modules/.bin/${name}`
const problems = []
installReferences()
if (!step('types', bin('tsc'), ['-p', '.'])) problems.push('types')
if (!step('lint', bin('oxlint'), ['--type-aware', '--deny-warnings'])) problems.push('lint')
if (!step('format', bin('biome'), ['ci', '--error-on-warnings', '.'])) problems.push('format')

const suites = new Map()
const files = new Map(listed.map(file => [file, 0]))
for (const file of listed) suites.set(suiteOf(file), { passed: 0, failed: 0, skipped: 0 })
const skips = []
const started = Date.now()

const stream = run({ files: listed, concurrency: 2, timeout: long ? 3_600_000 : 600_000 })
/** The listed file that a test belongs to; its own file may be a contract suite that several share. */
const fileOf = data => relative(root, data.entryFile ?? data.file ?? '')
const count = (data, outcome) => {
  const file = fileOf(data)
  if (data.details?.type === 'suite' || data.name === data.file || !files.has(file)) return
  files.set(file, files.get(file) + 1)
  suites.get(suiteOf(file))[outcome]++
}
stream.on('test:pass', data => {
  if (data.skip !== undefined && data.skip !== false) {
    const reason = typeof data.skip === 'string' ? data.skip : ''
    skips.push(`SKIPPED ${fileOf(data)}: ${data.name} (${reason})`)
    if (reason === '') problems.push(`skip without a reason: ${data.name}`)
    count(data, 'skipped')
  } else count(data, 'passed')
})
stream.on('test:fail', data => {
  console.log(`FAIL ${fileOf(data)}: ${data.name}`)
  const error = data.details?.error
  console.log(String(error?.cause?.stack ?? error?.cause ?? error?.message ?? error))
  problems.push(`test failed: ${data.name}`)
  count(data, 'failed')
})
stream.on('test:stdout', data => {
  if (data.message.startsWith('# ')) process.stdout.write(data.message)
})
for await (const event of stream) void event

for (const [file, tests] of files) if (tests === 0) problems.push(`no test ran in ${file}`)
if (listed.length === 0) problems.push('git lists no test file')
for (const line of skips) console.log(line)
const total = { passed: 0, failed: 0, skipped: 0 }
for (const [name, counts] of [...suites].sort()) {
  console.log(`suite ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  if (counts.passed + counts.failed === 0) problems.push(`suite ${name} ran no test`)
  for (const key of Object.keys(total)) total[key] += counts[key]
}
for (const problem of problems) console.log(`problem: ${problem}`)
console.log(`${files.size} test files, ${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(problems.length === 0 ? 0 : 1)
