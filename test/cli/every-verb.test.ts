// What holds for every verb: help with an example, and no argument list that ends in a stack trace (CLI-03, CLI-05).

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../src/base/fault.ts'
import { EXIT } from '../../src/cli/exit.ts'
import { world } from './host.ts'

const VERBS = [
  ['data', 'import'],
  ['data', 'fetch'],
  ['data', 'export'],
  ['data', 'block'],
  ['data', 'unblock'],
  ['data', 'roll'],
  ['data', 'known'],
  ['data', 'check'],
  ['data', 'list'],
  ['data', 'leak'],
  ['sign'],
  ['verify'],
  ['publish'],
  ['keys', 'new'],
  ['keys', 'list'],
  ['keys', 'show'],
  ['keys', 'derive'],
  ['keys', 'rotate'],
  ['keys', 'revoke'],
  ['keys', 'export-public'],
  ['keys', 'accept-hwm'],
  ['models', 'list'],
  ['models', 'show'],
  ['models', 'card'],
  ['models', 'diff'],
  ['models', 'history'],
  ['models', 'worth'],
  ['models', 'explain'],
  ['models', 'promote'],
  ['models', 'pin'],
  ['models', 'unpin'],
  ['models', 'resume-promotion'],
  ['models', 'block'],
  ['models', 'unblock'],
  ['models', 'rollback'],
  ['models', 'inspect'],
  ['models', 'import'],
  ['models', 'migrate'],
  ['models', 'backup', 'list'],
  ['models', 'backup', 'export'],
  ['models', 'backup', 'restore'],
  ['ledger', 'list'],
  ['ledger', 'show'],
  ['ledger', 'verify'],
  ['drill', 'list'],
  ['drill', 'run'],
  ['demo', 'reset'],
  ['backtest'],
  ['doctor'],
  ['up'],
  ['serve'],
  ['init'],
  ['kill'],
  ['pause'],
  ['resume'],
  ['risk', 'show'],
  ['report', 'daily'],
  ['report', 'monthly'],
  ['report', 'list'],
  ['backup', 'create'],
  ['backup', 'list'],
  ['backup', 'verify'],
  ['backup', 'restore'],
  ['db', 'status'],
  ['db', 'plan'],
  ['db', 'migrate'],
  ['db', 'rollback'],
  ['logs'],
  ['metrics'],
  ['completion'],
  ['help'],
  ['version'],
  ['config', 'check'],
  ['config', 'show'],
  ['config', 'diff'],
  ['config', 'schema'],
  ['config', 'import'],
  ['train'],
  ['sync'],
] as const

const OPTIONS = (
  '--json --quiet --state --set --config --help --version --bars --symbol --samples --seed --manifest --key --key-file ' +
  '--key-id --verify --at --channel --to --dry-run --reason --release --strategy --capital --runs --calendar --tz --bar ' +
  '--map --jsn -x --from --to --adjusted --previous --series --search --contract --contracts --last'
).split(' ')

test('each verb has help, and the help has its name', async context => {
  const { run } = await world(context)
  for (const verb of VERBS) {
    const { code, out, err } = await run(...verb, '--help')
    assert.deepEqual([code, err], [0, ''], verb.join(' '))
    assert.ok(out.startsWith(`Usage: ratchet ${verb.join(' ')}`), out.slice(0, 60))
    assert.match(out, /--json/)
  }
})

test('every verb but three of the oldest shows an example that begins like them', async context => {
  const { run } = await world(context)
  const without = new Set(['data import', 'up', 'train'])
  for (const verb of VERBS.map(words => words.join(' '))) {
    if (without.has(verb)) continue
    const { out } = await run(...verb.split(' '), '--help')
    assert.match(out, new RegExp(`Example:\n {2}\\$ ratchet ${verb}`), verb)
  }
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
    { weight: 4, arbitrary: fc.constantFrom(...VERBS.map(words => [...words])) },
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
