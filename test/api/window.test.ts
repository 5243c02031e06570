// The window in its thread: it answers while the loop is busy, carries commands and news, and ends when it is told to.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { openWindow, type Window } from '../../src/adapters/threads/window.ts'
import { accepted, Fault, type Outcome, refused } from '../../src/base/fault.ts'
import type { LiveState, RunCommand } from '../../src/loop/run-control.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { WindowData } from '../../src/loop/window.ts'
import { consume, type Told } from './consumer.ts'
import { type ApiWorld, LIVE, openApiWorld } from './world.ts'

const THREAD = new URL('../../src/entry/window-thread.ts', import.meta.url)

type Send = (command: RunCommand) => Promise<Outcome<string>>

async function open(directory: string, send: Send): Promise<Window<LiveState>> {
  const data: WindowData = {
    stateDirectory: directory,
    host: '127.0.0.1',
    port: 0,
    development: true,
    dashboard: '/nowhere',
    version: '0.1.0',
    killFile: 'kill.txt',
    health: settingsSchema.parse({}).health,
    backups: '/nowhere',
    log: { ...settingsSchema.parse({}).log, terminal: false },
  }
  return openWindow<RunCommand, LiveState>({ thread: THREAD, data, timer: systemTimer, control: { send } })
}

const nothing: Send = async () => accepted('done')

let world: ApiWorld
let window: Window<LiveState>
/** What the loop of the shared window answers. */
let obey: Send = nothing
before(async () => {
  world = await openApiWorld()
  window = await open(world.directory, command => obey(command))
})
after(async () => {
  await window.close()
  await world.close()
})

const post = (url: string, path: string, body: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Asks again and again from a thread of its own, since the thread of the test is the one that is kept busy. */
const ASKER = `
  const { parentPort, workerData } = require('node:worker_threads')
  ;(async () => {
    for (const path of workerData.paths) await (await fetch(workerData.url + path)).text()
    parentPort.postMessage('ready')
    const until = performance.now() + 1800
    const took = []
    while (performance.now() < until) {
      for (const path of workerData.paths) {
        const before = performance.now()
        const response = await fetch(workerData.url + path)
        await response.text()
        took.push({ path, status: response.status, ms: performance.now() - before })
      }
      // Gently: the API limits how often one address may ask.
      await new Promise(go => setTimeout(go, 100))
    }
    parentPort.postMessage(took)
  })()
`

test('while the loop keeps its thread busy for a second and a half every question is answered', async t => {
  const { url } = window
  const paths = ['/healthz', '/api/status', '/api/decisions?limit=50']
  const asker = new Worker(ASKER, { eval: true, workerData: { url, paths }, execArgv: [] })
  await once(asker, 'message')
  const answered = once(asker, 'message')
  const until = performance.now() + 1500
  while (performance.now() < until);
  const [took] = (await answered) as [{ path: string; status: number; ms: number }[]]
  await asker.terminate()
  assert.ok(took.length >= 2 * paths.length, `${took.length} answers`)
  for (const path of paths) {
    const own = took.filter(answer => answer.path === path)
    assert.ok(own.every(({ status }) => status === 200))
    const sorted = own.map(({ ms }) => ms).sort((a, b) => a - b)
    const [median, worst] = [sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!]
    t.diagnostic(`${path}: ${sorted.length} answers, median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`)
    // Whoever waited for the loop would have waited for all of it.
    assert.ok(worst < 1400, `worst of ${path}: ${worst} ms`)
  }
})

test('a command reaches the loop as it was asked and its answer comes back, refusals with code and hint', async () => {
  const { url } = window
  const asked: RunCommand[] = []
  obey = async command => {
    asked.push(command)
    if (command.type === 'pause') return accepted('paused at bar 7')
    if (command.type === 'speed') throw new Fault('RUN_ENDED', 'the run is over', { fix: 'start another' })
    return refused('NOT_RUNNING', 'nothing runs', { fix: 'ratchet up' })
  }
  const paused = await post(url, '/api/replay', { action: 'pause' })
  assert.deepEqual([paused.status, await paused.json()], [200, { done: 'paused at bar 7' }])
  const jumped = await post(url, '/api/replay', { action: 'jump', to: 5 })
  const problem = (await jumped.json()) as { code: string; detail: string; hint: string }
  assert.deepEqual(
    [jumped.status, problem.code, problem.detail, problem.hint],
    [409, 'NOT_RUNNING', 'nothing runs', 'ratchet up'],
  )
  assert.equal((await post(url, '/api/replay', { action: 'speed', barsPerSecond: null })).status, 409)
  assert.deepEqual(asked, [{ type: 'pause' }, { type: 'jump', to: 5 }, { type: 'speed', barsPerSecond: null }])
})

test('what the loop says is durable and true now reaches whoever listens', async () => {
  const { world: loop } = world
  const { url } = window
  const told: Told[] = []
  const { drop, ended, response } = consume(`${url}/api/events?topics=control,live`, undefined, event =>
    told.push(event),
  )
  await response
  await sleep(100)
  const row = { run_id: 'replay-1', topic: 'control', at: 1, body: '{"action":"pause","detail":""}' }
  const { insertId } = await loop.database.insertInto('events_outbox').values(row).executeTakeFirstOrThrow()
  window.committed(Number(insertId))
  window.live(LIVE)
  while (told.length < 2) await sleep(5)
  assert.deepEqual(told.map(({ event }) => event).sort(), ['control', 'live'])
  const status = (await (await fetch(`${url}/api/status`)).json()) as { live: { nextTrainingBar: number } }
  assert.equal(status.live.nextTrainingBar, LIVE.nextTrainingBar)
  drop()
  await ended
})

test('a state that cannot be opened is a fault of whoever opens the window', async () => {
  await assert.rejects(
    open(`${world.directory}/nowhere`, nothing),
    (cause: unknown) => cause instanceof Fault && cause.code === 'DATABASE_UNREADABLE',
  )
})

test('closing ends streams and the thread within two seconds', async () => {
  const own = await open(world.directory, nothing)
  const { ended, response } = consume(`${own.url}/api/events`, undefined, () => undefined)
  await response
  const before = performance.now()
  await own.close()
  await ended
  assert.ok(performance.now() - before < 2500)
  await assert.rejects(fetch(`${own.url}/healthz`))
})
