// A marker in every secret, and a look at all that the program says and writes: it is nowhere (CFG-05).

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { SECRETS, UNREAD } from '../../src/loop/settings-environment.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const CANARY = 'c4n4ry7f3a9c'
/** Nobody listens there. */
const CLOSED = 'http://127.0.0.1:9'

const secretOf = (name: string): string => `${CANARY}-${name.toLowerCase()}-0123456789abcdefghij`

/** Also in the clothes in which a secret travels. */
const MARKS = [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, 14)]

function place(context: TestContext) {
  const cwd = mkdtempSync(join(tmpdir(), 'ratchet-canary-'))
  context.after(() => rmSync(cwd, { recursive: true, force: true }))
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '' }
  for (const name of [...SECRETS, ...UNREAD]) env[name] = secretOf(name)
  const start = (...args: readonly string[]) =>
    spawn(process.execPath, [APP, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { cwd, env, start }
}

function refuseMarks(where: string, said: string): void {
  for (const mark of MARKS) assert.ok(!said.includes(mark), `a secret stands in ${where}: ${said.slice(0, 400)}`)
}

function refuseMarksIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
  const plain = files.filter(name => statSync(name).isFile())
  for (const name of plain) refuseMarks(name, readFileSync(name, 'latin1'))
  return plain.length
}

test('start, API, metrics and log of a server that was given every secret name none of them', async context => {
  const { cwd, start } = place(context)
  const child = start('serve', '--port', '0', '--set', 'log.level=debug')
  context.after(() => child.kill('SIGKILL'))
  let said = ''
  const listening = Promise.withResolvers<string>()
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
    const url = /look at it: (\S+)/.exec(said)?.[1]
    if (url !== undefined) listening.resolve(url)
  })
  child.on('close', () => listening.reject(new Error(said)))
  const url = await listening.promise
  const paths = '/api/status /api/metrics.json /metrics /readyz /openapi.json /api/releases /api/nothing'.split(' ')
  for (const path of paths) {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${secretOf('FRED_API_KEY')}` } })
    refuseMarks(path, JSON.stringify([...answer.headers]) + (await answer.text()))
  }
  child.kill('SIGTERM')
  await once(child, 'close')
  assert.match(said, /config\.summary/)
  refuseMarks('stderr', said)
  assert.ok(refuseMarksIn(join(cwd, '.ratchet')) >= 2)
})

test('commands that fail in every way, doctor and config name no secret', { concurrency: 2 }, async context => {
  const { cwd, env, start } = place(context)
  writeFileSync(join(cwd, 'key.txt'), secretOf('OTHER'))
  const lines = [
    ['doctor'],
    ['config', 'show', '--defaults', '--source', '--json'],
    ['config', 'check', '--set', 'training.sed=7'],
    ['keys', 'list'],
    ['data', 'fetch', 'polygon', '--symbol', 'AAPL', '--from', '2024-01-02', '--set', `data.polygon.baseUrl=${CLOSED}`],
    ['data', 'fetch', 'fred', '--series', 'GDP', '--set', `data.fred.baseUrl=${CLOSED}`],
    ['sync', '--source', `${CLOSED}/models`, '--symbol', 'ES'],
  ]
  const quick = ['--set', 'resilience.maxRetryAttempts=0', '--set', 'log.level=debug']
  for (const line of lines) {
    const child = start(...line, ...quick)
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    assert.ok((out + err).length > 0, line.join(' '))
    refuseMarks(line.join(' '), out + err)
  }
  env['FRED_API_KEY_FILE'] = 'key.txt'
  const child = start('doctor')
  const [err] = await Promise.all([text(child.stderr), once(child, 'close')])
  assert.match(err, /^CONFIG_ENVIRONMENT/)
  refuseMarks('two that differ', err)
  if (readdirSync(cwd).includes('.ratchet')) refuseMarksIn(join(cwd, '.ratchet'))
})
