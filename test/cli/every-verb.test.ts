// What holds for every verb: help with an example, and no argument list that ends in a stack trace (CLI-03, CLI-05).

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import fc from 'fast-check'
import { Fault } from '../../src/base/fault.ts'
import { EXIT } from '../../src/cli/exit.ts'
import { globals } from '../../src/cli/program.ts'
import { referenceText, verbPages } from '../../src/cli/reference.ts'
import { VERBS } from '../../src/cli/verbs.ts'
import { world } from './host.ts'

const PAGES = verbPages(VERBS)
const LINES = PAGES.map(({ words }) => words.split(' '))

const OPTIONS = (
  '--json --quiet --state --set --config --help --version --bars --symbol --samples --seed --manifest --key --key-file ' +
  '--key-id --verify --at --channel --to --dry-run --reason --release --strategy --capital --monte-carlo --grid --finer --brain --allow-gaps --compare --calendar --tz --bar ' +
  '--map --jsn -x --from --to --adjusted --previous --series --search --contract --contracts --last'
).split(' ')

test('each verb has help, and the help has its name', async context => {
  const { run } = await world(context)
  for (const verb of LINES) {
    const { code, out, err } = await run(...verb, '--help')
    assert.deepEqual([code, err], [0, ''], verb.join(' '))
    assert.ok(out.startsWith(`Usage: ratchet ${verb.join(' ')}`), out.slice(0, 60))
    assert.match(out, /--json/)
  }
})

test('every verb shows an example that begins like it, and the example has its options', async context => {
  const { run } = await world(context)
  for (const { words, example, options } of PAGES) {
    assert.ok(`${example} `.startsWith(`${words} `), `${words}: "${example}"`)
    const { out } = await run(...words.split(' '), '--help')
    const known = new Set(options.flatMap(({ flags }) => flags.split(/[ ,]+/)))
    for (const option of example.split(/\s+/).filter(word => word.startsWith('--'))) {
      assert.ok(known.has(option) || out.includes(`${option} `), `${words} has no ${option}`)
    }
  }
})

test('the reference page is what the verbs say', async () => {
  const file = fileURLToPath(new URL('../../docs/reference/cli.md', import.meta.url))
  const made = referenceText(VERBS, globals(new Command()).options)
  if (process.env['RATCHET_WRITE_DOCS'] === '1') writeFileSync(file, made)
  assert.equal(
    readFileSync(file, 'utf8'),
    made,
    'write it anew: RATCHET_WRITE_DOCS=1 node --test test/cli/every-verb.test.ts',
  )
})

test('a misspelt verb or option suggests the nearest', async context => {
  const { run, json } = await world(context)
  for (const [line, wanted] of [
    [['modles'], 'models'],
    [['models', 'histroy'], 'history'],
    [['verify', 'x', '--chanel', 'y'], '--channel'],
    [['doctor', '--jsn'], '--json'],
  ] as const) {
    const { code, err } = await run(...line)
    assert.equal(code, 2)
    assert.ok(err.includes(`(Did you mean ${wanted}?)`), err)
  }
  const { code, value } = await json('modles')
  assert.equal(code, 2)
  assert.deepEqual((value['error'] as { readonly fix: string }).fix, 'see ratchet models --help')
})

test('random argument lists end with an exit code of CLI-02, never with a stack trace', async context => {
  const absent = async (path: string) =>
    Promise.reject(new Fault('FILE_MISSING', 'there is no such file', { place: path }))
  const { run, directory } = await world(context, { ports: { openTable: absent } })
  mkdirSync(join(directory, 'folder'))
  writeFileSync(join(directory, 'file.json'), '{"version": "1.0.0"}')
  const place = fc.constantFrom('absent', 'folder', 'file.json').map(name => join(directory, name))
  const value = fc.oneof(
    place,
    fc.string({ maxLength: 12 }),
    fc.constantFrom('1', '-1', '2026-01-15', 'SPX', 'a=b', ''),
  )
  // Mostly an option with its value, so that many lines get past the parser.
  const argument = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...OPTIONS), value) },
    value.map(text => [text]),
  )
  const file = join(directory, 'file.json')
  const complete = [
    ['sign', '--manifest', file],
    ['verify', file],
    ['publish', join(directory, 'folder')],
    ['models', 'show', '1'],
    ['models', 'rollback', '--reason', 'x'],
    ['backtest', '--bars', 'absent'],
    ['data', 'check', '--symbol', 'X'],
  ]
  const verb = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...complete) },
    { weight: 4, arbitrary: fc.constantFrom(...LINES.map(words => [...words])) },
    fc.array(value, { maxLength: 2 }),
  )
  const line = fc
    .tuple(verb, fc.array(argument, { maxLength: 3 }))
    .map(([words, rest]) => [...words, ...rest.flat()])
    // Where --state is given, it must not be a place outside the test.
    .filter(args => !args.includes('--state'))
  const known = new Set<number>(Object.values(EXIT))
  const codes = new Set<number>()
  await fc.assert(
    fc.asyncProperty(line, async args => {
      const { code, out, err } = await run(...args)
      const said = `${JSON.stringify(args)} -> ${code}\n${out}${err}`
      codes.add(code)
      assert.ok(known.has(code), said)
      assert.doesNotMatch(out + err, /^\s+at .*:\d+/m, said)
      assert.ok(!(out + err).includes('\u001B'), said)
      if (args.includes('--json') && code !== 0) assert.doesNotThrow(() => JSON.parse(out) as unknown, said)
    }),
    { numRuns: 100, seed: 20260115 },
  )
  assert.ok(codes.size >= 3, `only the exit codes ${[...codes].join(', ')} came up`)
})
