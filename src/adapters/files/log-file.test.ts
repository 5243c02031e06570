import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { logFile, logFiles } from './log-file.ts'

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const refuse = (cause: unknown): never => {
  throw cause
}

async function linesIn(directory: string): Promise<readonly (string | undefined)[]> {
  const lines: (string | undefined)[] = []
  for await (const line of logFiles.lines(directory)) lines.push(line)
  return lines
}

test('a full file is turned over, the oldest goes, and what is left reads in order', async t => {
  const directory = scratch(t)
  const write = logFile({ directory, onFault: refuse, mostBytes: 60, kept: 3 })
  for (let i = 0; i < 40; i++) write(`line ${i}\n`)
  assert.deepEqual(readdirSync(join(directory, 'logs')), ['ratchet.log', 'ratchet.log.1', 'ratchet.log.2'])
  for (const name of readdirSync(join(directory, 'logs'))) {
    const { size, mode } = statSync(join(directory, 'logs', name))
    assert.ok(size <= 60)
    assert.equal(mode & 0o777, 0o600)
  }
  const lines = await linesIn(directory)
  assert.equal(lines.at(-1), undefined)
  const numbers = lines.slice(0, -1).map(line => Number(line?.slice(5)))
  assert.equal(numbers.at(-1), 39)
  assert.ok(numbers.every((number, at) => at === 0 || number === numbers[at - 1]! + 1))
})

test('nothing is made where there is no state directory, and a file that cannot be written is told once', t => {
  const directory = join(scratch(t), 'state')
  const faults: unknown[] = []
  const write = logFile({ directory, onFault: cause => faults.push(cause) })
  write('a\n')
  assert.ok(!existsSync(directory))
  mkdirSync(directory)
  writeFileSync(join(directory, 'logs'), 'a file where the folder should be')
  write('b\n')
  write('c\n')
  assert.equal(faults.length, 1)
})

test('what is told before there is a state directory is written once it is there', async t => {
  const directory = join(scratch(t), 'state')
  const write = logFile({ directory, onFault: refuse })
  write('before\n')
  mkdirSync(directory)
  write('')
  assert.deepEqual(await linesIn(directory), ['before', undefined])
  write('')
  write('after\n')
  assert.deepEqual(await linesIn(directory), ['before', 'after', undefined])
})

test('whoever follows gets what is there, the mark, and what comes, also over a turned file', async t => {
  const directory = scratch(t)
  const write = logFile({ directory, onFault: refuse, mostBytes: 20 })
  write('one\n')
  const over = new AbortController()
  const got: (string | undefined)[] = []
  for await (const line of logFiles.lines(directory, over.signal)) {
    got.push(line)
    if (line === undefined) write('two, on the page\n')
    if (line === 'two, on the page') write('three, on the next\n')
    if (line === 'three, on the next') over.abort()
  }
  assert.deepEqual(got, ['one', undefined, 'two, on the page', 'three, on the next'])
})
