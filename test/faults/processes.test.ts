// Cases 80, 85 and 94 with several real processes on one directory: at once, without the right to write, and with one that is stopped.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectedOf, releasesOf } from './acts.ts'
import { environment } from './kill-points.ts'
import { readImage } from './read-image.ts'
import { checkImage } from './state-check.ts'
import { victims } from './victims.ts'

const own = await victims('install', 80)
after(() => own.remove())
const expected = expectedOf('install', releasesOf(80))

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

function begin(state: string): {
  readonly child: ChildProcess
  readonly ready: Promise<void>
  readonly ended: Promise<Ended>
} {
  const child = spawn(process.execPath, own.argumentsOf(state), {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      resolve()
    })
    child.once('exit', () => reject(new Error(`ended before it was ready: ${err}`)))
  })
  child.stderr.on('data', (text: Buffer) => void (err += text.toString()))
  const ended = new Promise<Ended>(resolve => child.once('close', code => resolve({ code, out, err })))
  return { child, ready, ended }
}

const seqOf = (state: string): number =>
  (JSON.parse(readFileSync(join(state, 'state', 'CURRENT'), 'utf8')) as { readonly seq: number }).seq

test('fault 80: eight processes install at once: one does it, the others say who is writing or that it is done', async t => {
  const state = own.fresh()
  const before = seqOf(state)
  const started = Array.from({ length: 8 }, () => begin(state))
  for (const { ready } of started) ready.catch(() => undefined)
  const ended = await Promise.all(started.map(one => one.ended))
  const done = ended.filter(({ out }) => out.includes('done'))
  const busy = ended.filter(({ err }) => /INSTALL_BUSY|CHAMPION_CHANGED/.test(err))
  // Whoever came when it was over found nothing to install.
  const late = ended.filter(({ out }) => out.includes(`ready active ${expected.new}`))
  t.diagnostic(`${done.length} installed, ${busy.length} were told to wait, ${late.length} came when it was done`)
  assert.equal(done.length, 1, ended.map(({ err }) => err).join('\n'))
  assert.equal(new Set([...done, ...busy, ...late]).size, 8, ended.map(({ err }) => err.slice(0, 300)).join('\n'))
  assert.equal(seqOf(state), before + 1)
  const { side } = await own.judge(state, 'eight processes')
  assert.equal(side, 'new')
})

// A bind mount that is read-only holds for root too, as a changed mode would not.
const remount = (state: string, command: readonly string[]) =>
  spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', state, ...command],
    { encoding: 'utf8', env: environment() },
  )
const probe = own.fresh()
const mayRemount = remount(probe, ['true']).status === 0
rmSync(probe, { recursive: true })
const skip = mayRemount ? false : 'no namespace with mounts is permitted here (unshare -rm)'

test('fault 85: on a read-only directory the set in charge decides, says so, and nothing is installed or changed', {
  skip,
}, () => {
  const state = own.fresh()
  const before = readImage(state)
  for (const start of [1, 2, 3]) {
    const { stdout, stderr } = remount(state, [process.execPath, ...own.argumentsOf(state)])
    assert.ok(stdout.includes(`ready active ${expected.old} read-only`), `start ${start}: ${stderr}`)
    assert.match(stderr, /DATABASE_UNREADABLE|DATABASE_FORBIDDEN/)
  }
  assert.deepEqual(readImage(state), before)
  // With the right to write again it goes on as if nothing had been.
  const again = spawnSync(process.execPath, own.argumentsOf(state), { encoding: 'utf8', env: environment() })
  assert.match(again.stdout, /done/, again.stderr)
  rmSync(state, { recursive: true })
})

test('fault 94: a process that is stopped in an install keeps the others out, and ends it alone when it goes on', async () => {
  const state = own.fresh()
  const first = begin(state)
  await first.ready
  first.child.kill('SIGSTOP')
  await sleep(50)
  const stopped = checkImage(readImage(state))
  assert.equal(stopped.kind, 'whole')
  const held = readImage(state).has('bot/models/.staging')
  const second = await begin(state).ended
  // Where it was stopped before or after its work it holds nothing, and the other may do it.
  if (held) assert.match(second.err, /INSTALL_BUSY/)
  first.child.kill('SIGCONT')
  const { out, err } = await first.ended
  assert.ok(out.includes('done') || second.out.includes('done'), err + second.err)
  assert.ok(!(out.includes('done') && second.out.includes('done')), 'both installed it')
  assert.deepEqual(checkImage(readImage(state)), { kind: 'whole', digest: expected.new })
  await own.judge(state, 'a stopped process')
})
