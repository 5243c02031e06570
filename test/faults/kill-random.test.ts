// Cases 65 to 79 and REL-30 at random moments: a process that installs, rolls back, collects or publishes is killed whenever it pleases
// a seeded clock, again and again. RATCHET_KILLS says how often, RATCHET_KILL_SEED where the draw begins, so that many can be run in
// portions.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRng } from '../../src/base/rng.ts'
import { ACTS, type Act } from './acts.ts'
import { environment } from './kill-points.ts'
import { counted, noKills, told, type Victims, victims } from './victims.ts'

const KILLS = Number(process.env['RATCHET_KILLS'] ?? (process.env['RATCHET_LONG'] === '1' ? 5_000 : 8))
const SEED = Number(process.env['RATCHET_KILL_SEED'] ?? 65)

/** Until the child has started; one that ends before that is a failure, not a wait for ever. */
const ready = (running: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    running.stdout!.once('data', () => resolve())
    running.once('exit', status => reject(new Error(`the child ended with ${status} before it was ready`)))
  })

function begin(own: Victims, state: string) {
  const running = spawn(process.execPath, own.argumentsOf(state), {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment(),
  })
  const ended = new Promise<string | null>(resolve => running.once('exit', (_, signal) => resolve(signal)))
  return { running, ended }
}

/** How long the act takes here, in ms, from the moment that the child is ready; the least of three. */
async function spanOf(own: Victims): Promise<number> {
  const spans: number[] = []
  for (let n = 0; n < 3; n++) {
    const { running, ended } = begin(own, own.fresh())
    await ready(running)
    const started = performance.now()
    assert.equal(await ended, null)
    spans.push(performance.now() - started)
  }
  return Math.min(...spans)
}

async function killed(own: Victims, afterMs: number): Promise<string | undefined> {
  const state = own.fresh()
  const { running, ended } = begin(own, state)
  await ready(running)
  await sleep(afterMs)
  running.kill('SIGKILL')
  return (await ended) === 'SIGKILL' ? state : undefined
}

const open: Victims[] = []
after(() => open.forEach(one => one.remove()))

async function killMany(act: Act, kills: number) {
  const own = await victims(act, SEED)
  open.push(own)
  const spanMs = await spanOf(own)
  const rng = seededRng(SEED).fork(act)
  const count = noKills()
  let early = 0
  while (count.killed < kills) {
    const afterMs = rng.next() * spanMs
    const state = await killed(own, afterMs)
    // One that was through before the kill is no kill.
    if (state === undefined) {
      if (++early > 10 * kills + 100) assert.fail(`${act} is over before it can be killed`)
      continue
    }
    const where = `${act} of seed ${SEED}, kill ${count.killed + 1} after ${afterMs.toFixed(2)} ms`
    counted(count, await own.judge(state, where))
  }
  return count
}

for (const [index, act] of ACTS.entries()) {
  const kills = Math.floor(KILLS / ACTS.length) + (index < KILLS % ACTS.length ? 1 : 0)
  test(`${kills} kills at random moments of ${act}: 0 corrupt`, async t => {
    const count = await killMany(act, kills)
    t.diagnostic(`random kills of ${act} (seed ${SEED}): ${told(count)}`)
  })
}
