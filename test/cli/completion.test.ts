// Completion, help and version come from the program itself (CLI-03).

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { world } from './host.ts'

const BASH = '/bin/bash'

test('bash completes verbs, their verbs and options', {
  skip: !existsSync(BASH) && 'there is no bash here',
}, async context => {
  const { run, directory } = await world(context)
  const script = join(directory, 'ratchet.bash')
  writeFileSync(script, (await run('completion', 'bash')).out)
  const completed = (...words: readonly string[]): string[] => {
    const line = `source ${script}; COMP_WORDS=(ratchet ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _ratchet; echo "\${COMPREPLY[*]}"`
    return execFileSync(BASH, ['--norc', '-c', line], { encoding: 'utf8' }).trim().split(' ')
  }
  assert.deepEqual(completed('mod'), ['models'])
  assert.ok(completed('models', 'ro').includes('rollback'))
  assert.deepEqual(completed('models', 'rollback', '--rea'), ['--reason'])
  assert.deepEqual(completed('backtest', '--json', '--walk'), ['--walk-forward'])
})

test('every shell gets a script that knows every verb; another one is a usage error', async context => {
  const { run } = await world(context)
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { code, out } = await run('completion', shell)
    assert.equal(code, 0)
    for (const word of ['backtest', 'models rollback', '--walk-forward'])
      assert.ok(out.includes(word), `${shell}: ${word}`)
  }
  assert.equal((await run('completion', 'tcsh')).code, 2)
})

test('help tells a verb, the glossary, or the nearest topic', async context => {
  const { run, json } = await world(context)
  assert.match((await run('help', 'models', 'list')).out, /^Usage: ratchet models list/)
  const { out } = await run('help', 'glossary')
  assert.match(out, /^baseline\n {4}Equal-weight rules/m)
  assert.match(out, /^Max drawdown\n {4}/m)
  const { code, err } = await run('help', 'glosary')
  assert.equal(code, 2)
  assert.match(err, /did you mean glossary\?/)
  assert.equal((await json('version')).value['version'], '0.1.0')
})
