// Cases 65 to 78 with real processes: an installing process is killed at random moments, and at its system calls where a tracer is
// permitted. After each kill a separate process hashes again what CURRENT names, and a start must have a whole set in charge.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { seededRng } from '../../src/base/rng.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { tinyRelease } from '../../src/serving/fixtures/release.ts'
import { readImage } from './read-image.ts'
import { checkImage, type StateVerdict } from './state-check.ts'

const long = process.env.RATCHET_LONG === '1'
const KILLS = long ? 200 : 25
/** System calls to die at, and at every how many-th. */
const CALLS: readonly (readonly [call: string, stride: number])[] = long
  ? ['fsync', 'rename', 'mkdir', 'unlink', 'fchmod', 'chmod'].map(call => [call, 1] as const)
  : [
      ['fsync', 6],
      ['rename', 6],
    ]
const SEED = 65
const RELEASES = 5

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'ratchet-kill-'))
after(() => rmSync(root, { recursive: true, force: true }))

const releases = join(root, 'releases')
const made = [tinyRelease({ seed: 1 })]
while (made.length < RELEASES) made.push(tinyRelease({ seed: 1 + (made.length % 2), after: made.at(-1)! }))
for (const [index, release] of made.entries()) {
  await writeReleaseDirectory(nodeDisk(), join(releases, String(index + 1)), release.files)
}
const digests = made.map(({ manifestSha256 }) => manifestSha256)

const child = (state: string, count: number) => [script('install-child.ts'), state, releases, String(count)]

/** Starts on the directory and gives the digest in charge and how long that took. */
function recover(state: string): { readonly digest: string; readonly ms: number; readonly bootState: string } {
  const started = performance.now()
  const run = spawnSync(process.execPath, child(state, 0), { encoding: 'utf8' })
  const [, bootState = '', digest = ''] = /^ready (\S+) (\S+)/.exec(run.stdout) ?? []
  assert.equal(run.status, 0, `the start after the kill failed: ${run.stderr}`)
  return { digest, ms: performance.now() - started, bootState }
}

function checkApart(state: string): StateVerdict {
  const run = spawnSync(process.execPath, [script('check-state.ts'), state], { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  return JSON.parse(run.stdout) as StateVerdict
}

const base = join(root, 'base')
test('undisturbed, the child installs a release', () => {
  const run = spawnSync(process.execPath, child(base, 1), { encoding: 'utf8' })
  assert.match(run.stdout, /ready empty none\ninstalled 1 .*\ndone/, run.stderr)
  assert.deepEqual(checkApart(base), { kind: 'whole', digest: digests[0] })
})

let copies = 0
function freshState(): string {
  const state = join(root, `state-${copies++}`)
  cpSync(base, state, { recursive: true })
  return state
}

type Count = { killed: number; old: number; new: number; corrupt: number; slowestMs: number }

/** What a kill left behind, judged; `allowed` are the digests that may be in charge, the first is the one before. */
function judge(state: string, count: Count, allowed: readonly string[], verdict: StateVerdict): void {
  count.killed++
  if (verdict.kind !== 'whole' || !allowed.includes(verdict.digest)) {
    count.corrupt++
    assert.fail(`after kill ${count.killed}: ${JSON.stringify(verdict)} in ${state}`)
  }
  count[verdict.digest === allowed[0] ? 'old' : 'new']++
  const { digest, ms, bootState } = recover(state)
  assert.deepEqual([bootState, digest], ['active', verdict.digest])
  const left = readImage(state)
  assert.equal(left.has('bot/models/.staging'), false, 'staging is left after the start')
  assert.equal(left.has('bot/state/CURRENT.tmp'), false, 'a half pointer is left after the start')
  count.slowestMs = Math.max(count.slowestMs, ms)
  rmSync(state, { recursive: true })
}

/** Until the child has started; one that ends before that is a failure, not a wait for ever. */
const ready = (running: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    running.stdout!.once('data', () => resolve())
    running.once('exit', status => reject(new Error(`the child ended with ${status} before it was ready`)))
  })

const told = ({ killed, old, new: fresh, corrupt, slowestMs }: Count): string =>
  `killed ${killed}, old ${old}, new ${fresh}, corrupt ${corrupt}, slowest start ${slowestMs.toFixed(0)} ms with process start`

test(`${KILLS} kills at random moments: 0 corrupt`, async t => {
  const rng = seededRng(SEED)
  const count: Count = { killed: 0, old: 0, new: 0, corrupt: 0, slowestMs: 0 }
  // How long the installs of all remaining releases take here, from the first moment the child is ready.
  const state = freshState()
  const probe = spawn(process.execPath, child(state, RELEASES), { stdio: ['ignore', 'pipe', 'ignore'] })
  await ready(probe)
  const started = performance.now()
  await new Promise(resolve => probe.once('exit', resolve))
  const spanMs = performance.now() - started
  while (count.killed < KILLS) {
    const victim = freshState()
    const running = spawn(process.execPath, child(victim, RELEASES), { stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = new Promise(resolve => running.once('exit', (_, signal) => resolve(signal)))
    await ready(running)
    await sleep(rng.next() * spanMs)
    running.kill('SIGKILL')
    // One that was through before the kill is no kill.
    if ((await ended) !== 'SIGKILL') continue
    judge(victim, count, digests, checkApart(victim))
  }
  t.diagnostic(`random kills (seed ${SEED}): ${told(count)}`)
})

const tracer = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=none', 'true'])
const skip = tracer.status === 0 ? false : 'no tracer is permitted here (strace)'
// One thread of the pool makes all file calls, so that one counter counts them.
const traced = { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' } } as const
for (const [call, stride] of CALLS) {
  test(`killed at ${stride === 1 ? 'every' : `each ${stride}th`} ${call}: 0 corrupt`, { skip }, t => {
    const count: Count = { killed: 0, old: 0, new: 0, corrupt: 0, slowestMs: 0 }
    for (let n = 1; ; n += stride) {
      const state = freshState()
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${n}`]
      const run = spawnSync(
        'strace',
        ['-f', '-o', '/dev/null', ...inject, process.execPath, ...child(state, 1)],
        traced,
      )
      if (run.stdout.includes('done')) break
      judge(state, count, digests.slice(0, 2), checkImage(readImage(state)))
    }
    t.diagnostic(`kills at ${call}: ${told(count)}`)
    assert.ok(count.killed > 0, 'the tracer injected nothing')
  })
}

/** Names below the state directory of the files that are written to, one entry a write. Other writes only wake threads of the runtime. */
function filesWritten(trace: string, state: string): string[] {
  const paths = [...trace.matchAll(/^\d+ write\(\d+<([^>]*)>/gm)].map(match => match[1]!)
  return paths.flatMap(path => (path.startsWith(state) ? [path.slice(state.length)] : []))
}

test('killed at every write to a file: 0 corrupt', { skip: long ? skip : 'a long set' }, t => {
  const count: Count = { killed: 0, old: 0, new: 0, corrupt: 0, slowestMs: 0 }
  const trace = join(root, 'writes')
  const install = (state: string, ...options: string[]) => {
    const args = ['-f', '-y', '-o', trace, '-e', 'trace=write', ...options]
    return spawnSync('strace', [...args, process.execPath, ...child(state, 1)], traced)
  }
  const undisturbed = freshState()
  install(undisturbed)
  const written = filesWritten(readFileSync(trace, 'utf8'), undisturbed)
  assert.ok(written.length > 20, 'the undisturbed install is traced')
  for (const [index, file] of written.entries()) {
    const nth = written.slice(0, index + 1).filter(other => other === file).length
    const state = freshState()
    const run = install(state, '-P', `${state}${file}`, '-e', `inject=write:signal=KILL:when=${nth}`)
    assert.ok(!run.stdout.includes('done'), `write ${nth} to ${file} was not hit`)
    judge(state, count, digests.slice(0, 2), checkImage(readImage(state)))
  }
  t.diagnostic(`kills at the ${written.length} writes to files: ${told(count)}`)
})
