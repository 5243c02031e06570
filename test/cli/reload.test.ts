// A process that runs reads its configuration again at SIGHUP, and is not ended by it (CFG-08).

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))

function serve(context: TestContext, configuration: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'ratchet-reload-'))
  writeFileSync(join(cwd, 'ratchet.json'), configuration)
  const env = { PATH: process.env['PATH'] }
  const child = spawn(process.execPath, [APP, 'serve', '--port', '0'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  context.after(() => {
    child.kill('SIGKILL')
    rmSync(cwd, { recursive: true, force: true })
  })
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const lineWith = async (word: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`the program ended without ${word}`)
      if (value.includes(word)) return value
    }
  }
  return { child, cwd, lineWith }
}

test('SIGHUP or a request applies what may change, names what needs a restart, and an invalid file changes nothing', async context => {
  const { child, cwd, lineWith } = serve(context, '{"log": {"level": "info"}}')
  await lineWith('config.summary')
  const url = /look at it: (\S+)/.exec(await lineWith('look at it'))![1]!
  writeFileSync(join(cwd, 'ratchet.json'), '{"log": {"level": "warn"}, "training": {"seed": 7}}')
  child.kill('SIGHUP')
  const reloaded = JSON.parse(await lineWith('config.reloaded')) as Record<string, unknown>
  assert.deepEqual([reloaded['applied'], reloaded['restart']], [['log.level'], ['training.seed']])
  writeFileSync(join(cwd, 'ratchet.json'), '{"log": {"level": "debug"}, "training": {"sed": 7}}')
  child.kill('SIGHUP')
  assert.match(await lineWith('"config.reload"'), /nothing changed: .*did you mean training\.seed\?/)
  writeFileSync(join(cwd, 'ratchet.json'), '{"log": {"level": "debug"}, "training": {"seed": 7}}')
  child.kill('SIGHUP')
  assert.deepEqual((JSON.parse(await lineWith('config.reloaded')) as Record<string, unknown>)['applied'], ['log.level'])
  const ask = async (act: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/api/config/${act}`, { method: 'POST', headers, body: '{}' })).json()
  }
  const words = { done: 'changed: report.keep; needs restart: training.seed' }
  writeFileSync(
    join(cwd, 'ratchet.json'),
    '{"log": {"level": "debug"}, "report": {"keep": 9}, "training": {"seed": 9}}',
  )
  assert.deepEqual(
    [await ask('check'), await ask('reload'), await ask('check')],
    [words, words, { done: 'changed: nothing; needs restart: training.seed' }],
  )
  writeFileSync(join(cwd, 'ratchet.json'), '{"training": {"sed": 7}}')
  assert.equal(((await ask('reload')) as { readonly code: string }).code, 'CONFIG_INVALID')
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0)
  const events = readFileSync(join(cwd, '.ratchet/logs/ratchet.log'), 'utf8')
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { readonly event: string }).event)
  assert.deepEqual(
    events.filter(event => event.startsWith('config.')),
    ['config.summary', 'config.reloaded', 'config.reload', 'config.reloaded', 'config.reloaded', 'config.reload'],
  )
})
