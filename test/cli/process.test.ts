import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SAMPLE } from './host.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const STACK = /^\s+at .*:\d+/m

async function start(context: TestContext, ...args: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'ratchet-process-'))
  context.after(() => rm(cwd, { recursive: true, force: true }))
  const child = spawn(process.execPath, [APP, ...args], { cwd, env: { PATH: process.env['PATH'] }, stdio: 'pipe' })
  child.stdin.end()
  return Object.assign(child, { cwd })
}

async function ended(child: Awaited<ReturnType<typeof start>>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number | null }
}

const ratchet = async (context: TestContext, ...args: readonly string[]) => ended(await start(context, ...args))

test('the program as it is started', { concurrency: 2 }, async t => {
  await Promise.all([
    t.test('--version is that of the package', async context => {
      const file = new URL('../../package.json', import.meta.url)
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
      assert.deepEqual(await ratchet(context, '--version'), { out: `${version}\n`, err: '', code: 0 })
    }),

    t.test('piped output has no control characters, and results alone go to stdout', async context => {
      const { out, err, code } = await ratchet(context, 'data', 'import', SAMPLE, '--symbol', 'SPX')
      assert.equal(code, 0, err)
      assert.match(out, /^SPX: 5103 bars of 1440 min/)
      assert.doesNotMatch((out + err).replaceAll('\n', ''), /\p{Cc}/u)
    }),

    t.test('a wrong configuration key stops before anything is opened', async context => {
      const { out, err, code } = await ratchet(context, 'data', 'list', '--set', 'training.sed=7')
      assert.deepEqual([out, code], ['', 78])
      assert.match(err, /^CONFIG_INVALID: .*training\.sed .*did you mean training\.seed\?/)
      assert.doesNotMatch(err, STACK)
    }),

    t.test('a reader that goes away is no failure', async context => {
      const child = await start(context, '--help')
      child.stdout.destroy()
      const [err] = await Promise.all([text(child.stderr), once(child, 'close')])
      assert.equal(err, '')
      assert.equal(child.exitCode, 0)
    }),

    t.test('SIGUSR2 pulls the kill switch', { skip: process.platform === 'win32' && 'no signals' }, async context => {
      const child = await start(context, 'data', 'leak', '--bars', SAMPLE, '--symbol', 'SPX', '--samples', '100000')
      let err = ''
      child.stderr.on('data', chunk => {
        if (err === '') child.kill('SIGUSR2')
        err += String(chunk)
      })
      const file = join(child.cwd, '.ratchet/kill.txt')
      // The handler runs between two pieces of work, and one of them takes long where the machine is busy.
      const pulled = () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')
      while (!pulled() && child.exitCode === null && child.signalCode === null) await sleep(50)
      assert.ok(pulled(), `ended by ${child.signalCode ?? child.exitCode}: ${err}`)
      assert.match(readFileSync(file, 'utf8'), /SIGUSR2/)
      child.kill('SIGKILL')
    }),

    t.test('Ctrl-C ends long work at the next safe place with its own exit code', async context => {
      const child = await start(context, 'data', 'leak', '--bars', SAMPLE, '--symbol', 'SPX', '--samples', '100000')
      // Progress begins after the handlers of signals were set.
      child.stderr.once('data', () => child.kill('SIGINT'))
      const { err, code } = await ended(child)
      assert.equal(code, 130)
      assert.match(err, /INTERRUPTED: stopped by a signal/)
    }),
  ])
})
