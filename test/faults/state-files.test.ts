// Cases 34, 82 and 88 on a real directory with its database: files of the state are cut, replaced and lost one after the other, and a bot
// that crashes with a new set goes back by itself.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault, unwrap } from '../../src/base/fault.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { syncOnce } from '../../src/serving/fixtures/bot.ts'
import { memorySource } from '../../src/serving/fixtures/release.ts'
import { faultOf } from '../../src/serving/installation.ts'
import { expectedOf, releasesOf } from './acts.ts'
import { environment } from './kill-points.ts'
import { readImage } from './read-image.ts'
import { checkImage } from './state-check.ts'
import { victims, withBot } from './victims.ts'

const SEED = 34
const own = await victims('install', SEED)
after(() => own.remove())
const releases = releasesOf(SEED)
const expected = expectedOf('install', releases)
const older = releases[expected.before - 2]!
const newer = releases[expected.before]!

/** Files whose loss must never let an older release in; the lock and blobs of models are not among them. */
const stateFiles = (state: string): readonly string[] =>
  [...readImage(state)]
    .filter(
      ([path, bytes]) => bytes !== null && bytes.length > 0 && /^bot\/(state\/[^/]+$|ratchet\.db$|config\/)/.test(path),
    )
    .map(([path]) => path.slice('bot/'.length))

const files = stateFiles(own.fresh())

test('the state has the files that are meant', () => {
  for (const name of ['state/CURRENT', 'state/hwm.json', 'ratchet.db']) assert.ok(files.includes(name), files.join())
})

/** What a start on it and an older release come to: the code that refused it, and who is in charge. */
async function offered(
  state: string,
  release: typeof older,
): Promise<{ readonly code: string; readonly digest: string }> {
  return withBot(state, async bot => {
    unwrap(await bootSlot(bot))
    const { refused, upToDate } = await syncOnce(bot, memorySource(release.files))
    const code = refused[0]?.code ?? (upToDate ? 'up to date' : 'installed')
    return { code, digest: bot.slot.current()?.digest ?? 'none' }
  }).catch((cause: unknown) => {
    if (!(cause instanceof Fault)) throw cause
    return { code: faultOf(cause).code, digest: 'not started' }
  })
}

for (const name of files) {
  for (const [what, cut] of [
    ['empty', () => 0],
    ['half of it', (size: number) => size >> 1],
  ] as const) {
    test(`fault 34: with ${name} ${what}, an older release is never taken, and what decides is whole`, async t => {
      const state = own.fresh()
      const path = join(state, name)
      truncateSync(path, cut(readFileSync(path).length))
      const { code, digest } = await offered(state, older)
      t.diagnostic(`${name} ${what}: ${code}`)
      assert.ok([expected.old, 'not started'].includes(digest), `${digest} is in charge`)
      assert.notEqual(code, 'installed')
      assert.deepEqual(checkImage(readImage(state)).kind === 'corrupt', false)
      rmSync(state, { recursive: true })
    })
  }
}

test('fault 88: CURRENT is a link to a file elsewhere: it is not followed, and the history says what was in charge', async () => {
  const state = own.fresh()
  const current = join(state, 'state', 'CURRENT')
  const elsewhere = join(state, 'elsewhere')
  renameSync(current, elsewhere)
  symlinkSync(elsewhere, current)
  const before = readFileSync(elsewhere)
  const { code, digest } = await offered(state, newer)
  assert.deepEqual([code, digest], ['installed', expected.new])
  assert.deepEqual(readFileSync(elsewhere), before)
  assert.deepEqual(checkImage(readImage(state)), { kind: 'whole', digest: expected.new })
})

test('fault 82: a bot that crashes with a new set at each start decides with the one before it at its third', () => {
  const state = own.fresh()
  const start = (env: object) =>
    spawnSync(process.execPath, own.argumentsOf(state), { encoding: 'utf8', env: environment(undefined, env) })
  // Installed by a process of its own, which ends well.
  assert.match(start({}).stdout, /done/)
  const crashes = [1, 2, 3].map(() => start({ CRASH: '1' }))
  assert.ok(crashes.every(({ signal }) => signal === 'SIGABRT'))
  const loaded = crashes.map(({ stdout }) => /loaded (\w+)/.exec(stdout)?.[1])
  assert.deepEqual(loaded, [expected.new, expected.new, expected.old])
  // What is quarantined does not come back with the next poll.
  const { stdout } = start({})
  assert.ok(stdout.includes(`ready active ${expected.old}`) && !stdout.includes('done'), stdout)
})
