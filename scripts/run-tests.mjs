// Runs test files and counts so that an absence cannot hide: a file or suite without a test, a skip without a reason and a test that is
// marked as still to do are problems like a failure.

import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { run } from 'node:test'

/** Every test file below a folder, by its path with `/`; what npm installed and hidden folders are left out. */
export function testFiles(root) {
  const found = []
  const visit = folder => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (entry.name.endsWith('.test.ts')) found.push(relative(root, path).split(sep).join('/'))
    }
  }
  visit(root)
  return found.sort((a, b) => (a < b ? -1 : 1))
}

/** `src` is unit, a folder in `test` is a suite of its own, what lies in `test` itself is integration, any other folder is itself. */
export function suiteOf(file) {
  if (file === 'test/floors.test.ts') return 'floors'
  const parts = file.split('/')
  if (parts[0] === 'test') return parts.length > 2 ? parts[1] : 'integration'
  return parts[0] === 'src' ? 'unit' : parts[0]
}

const isMarked = mark => mark !== undefined && mark !== false

/**
 * @param root folder of the project, also the working directory of the tests
 * @param files test files, relative to it
 * @param print gets failures as they happen, and what tests print as a comment (`# ...`)
 * @param onTest gets each test with its name, outcome and, where it was skipped, the reason
 * @returns counts by suite, seconds by file, the skips in words, and the problems: with none, everything that was listed ran and passed
 */
export async function runTests({ root, files, timeoutMs, print, onTest = () => {} }) {
  const testsIn = new Map(files.map(file => [file, 0]))
  const suites = new Map(files.map(file => [suiteOf(file), { passed: 0, failed: 0, skipped: 0 }]))
  const ended = new Set()
  const seconds = new Map()
  const errors = new Map()
  const skips = []
  const problems = []

  const pathOf = file =>
    relative(root, file ?? '')
      .split(sep)
      .join('/')
  // A test belongs to the file that was run; its own file may be a contract suite that several share. The runner reports a file, too, as
  // a test: that one has no `entryFile`.
  const isFile = data => data.entryFile === undefined
  const count = (data, outcome) => {
    const file = pathOf(data.entryFile)
    if (data.details?.type === 'suite' || !testsIn.has(file)) return
    testsIn.set(file, testsIn.get(file) + 1)
    suites.get(suiteOf(file))[outcome]++
  }
  const report = (data, outcome) => {
    const title = `${pathOf(data.entryFile)}: ${data.name}`
    if (isMarked(data.todo)) problems.push(`still to do: ${title}`)
    else if (isMarked(data.skip)) {
      const reason = data.skip === true ? '' : data.skip
      skips.push(`SKIPPED ${title} (${reason})`)
      if (reason === '') problems.push(`skip without a reason: ${title}`)
      onTest({ name: data.name, outcome: 'skipped', reason })
      count(data, 'skipped')
    } else {
      if (outcome === 'failed') problems.push(`test failed: ${title}`)
      onTest({ name: data.name, outcome })
      count(data, outcome)
    }
  }

  const stream = run({ cwd: root, files, concurrency: 2, timeout: timeoutMs })
  stream.on('test:pass', data => {
    if (!isFile(data)) report(data, 'passed')
  })
  stream.on('test:fail', data => {
    const error = data.details?.error
    const why = String(error?.cause?.stack ?? error?.cause ?? error?.message ?? error)
    if (isFile(data)) {
      const file = pathOf(data.file)
      print(`FAIL ${file}\n${why}\n${errors.get(file) ?? ''}`)
      problems.push(`${file} failed`)
    } else {
      print(`FAIL ${pathOf(data.entryFile)}: ${data.name}\n${why}`)
      report(data, 'failed')
    }
  })
  stream.on('test:summary', data => {
    ended.add(pathOf(data.file))
    if (data.file !== undefined) seconds.set(pathOf(data.file), data.duration_ms / 1000)
  })
  stream.on('test:stderr', data => errors.set(pathOf(data.file), (errors.get(pathOf(data.file)) ?? '') + data.message))
  stream.on('test:stdout', data => {
    if (data.message.startsWith('# ')) print(data.message.trimEnd())
  })
  for await (const event of stream) void event

  if (files.length === 0) problems.push('there is no test file')
  for (const [file, tests] of testsIn) {
    if (tests === 0) problems.push(`no test ran in ${file}`)
    else if (!ended.has(file)) problems.push(`${file} ended before its tests did`)
  }
  for (const [name, counts] of suites) {
    if (counts.passed + counts.failed === 0) problems.push(`suite ${name} ran no test`)
  }
  return { suites, seconds, skips, problems }
}
