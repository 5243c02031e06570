// A breaker that was open when the process ended is open for the next one too, for as long as it would have been (section M).

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { virtualTime } from '../../src/base/fixtures/virtual-time.ts'
import type { Log } from '../../src/base/log.ts'
import { breakerFile } from '../../src/base/resilience/breaker-memory.ts'
import type { CallFact } from '../../src/base/resilience/call-fact.ts'
import { fresh, keepingBot } from './http-bot.ts'
import { publishOn, sourceAt } from './http-world.ts'
import { netServer } from './net.ts'

const FOREVER = { connectMs: 1e9, headersMs: 1e9, idleMs: 1e9, pollMs: 1e8, totalMs: 1e8 }
const WAITS_MS = 1e7

/** A server that fails, a state directory, and processes that come one after the other. */
async function world(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'ratchet-breaker-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const net = await netServer()
  t.after(() => net.close())
  publishOn(net, fresh)
  net.schedule({ fault: { refuse: true } })
  const wall = { ms: Date.UTC(2026, 0, 1) }
  const told: string[] = []
  const log: Log = { write: (_, event) => told.push(event) }
  const bot = await keepingBot()
  /** Each has a clock of its own that begins anywhere; the wall's goes on between them. */
  const start = (startMs: number) => {
    const time = virtualTime(startMs)
    const facts: CallFact[] = []
    const clock = { now: () => wall.ms }
    const memory = breakerFile({ disk: nodeDisk(), directory, clock })
    const resilience = {
      ...time,
      log,
      memory,
      onCall: (fact: CallFact) => facts.push(fact),
      budget: { least: 0, ratio: 0 },
    }
    const source = sourceAt(net.url, { ...time, limits: FOREVER, resilience })
    const pass = () => time.through(bot.pass(source), WAITS_MS)
    return { pass, facts, time }
  }
  return { start, net, wall, told, bot, file: join(directory, 'state', 'breakers.json'), directory }
}

test('fault 162: a restart asks nothing while the breaker is open, and one probe when its time is over', async t => {
  const { start, net, wall, bot } = await world(t)
  const first = start(1e9)
  for (let n = 0; n < 5; n++) assert.equal(await first.pass(), 'SOURCE_RESET')
  assert.equal(net.requests.length, 5)
  const key = '127.0.0.1 poll'
  assert.deepEqual(first.facts.at(-1), { type: 'breaker', operation: 'poll', key, state: 'open' })
  wall.ms += 59_000
  const second = start(5)
  assert.equal(await second.pass(), 'BREAKER_OPEN')
  assert.deepEqual(second.facts.at(-1), { type: 'ended', operation: 'poll', result: 'refused' })
  assert.equal(net.requests.length, 5)
  bot.assertKept('an open breaker after a restart')
  wall.ms += 1_000
  const third = start(77)
  assert.equal(await third.pass(), 'SOURCE_RESET')
  assert.equal(await third.pass(), 'BREAKER_OPEN')
  assert.equal(net.requests.length, 6)
  // Twice as long as before: the openings were remembered too.
  wall.ms += 119_000
  assert.equal(await start(0).pass(), 'BREAKER_OPEN')
  wall.ms += 1_000
  net.schedule()
  const last = start(0)
  assert.equal(await last.pass(), 'installed')
  assert.equal(last.time.sleepers(), 0)
})

test('fault 162: failures in a row count over restarts, as they would have in one process', async t => {
  const { start, net } = await world(t)
  for (let n = 0; n < 5; n++) assert.equal(await start(n * 1e6).pass(), 'SOURCE_RESET')
  assert.equal(await start(0).pass(), 'BREAKER_OPEN')
  assert.equal(net.requests.length, 5)
})

test('fault 162: where the file cannot be read each place is asked once, and only an answer closes its breaker', async t => {
  const { start, net, told, file } = await world(t)
  const first = start(0)
  for (let n = 0; n < 5; n++) await first.pass()
  for (const text of ['', '{"schema":"ratchet.breakers/1"', '{"schema":"ratchet.breakers/9","at":1,"breakers":{}}']) {
    writeFileSync(file, text)
    told.length = 0
    const asked = net.requests.length
    const next = start(0)
    assert.equal(await next.pass(), 'SOURCE_RESET', text)
    assert.equal(await next.pass(), 'BREAKER_OPEN', text)
    assert.equal(net.requests.length, asked + 1)
    assert.ok(told.includes('resilience.memory'), text)
    assert.match(readFileSync(file, 'utf8'), /^\{"schema":"ratchet\.breakers\/1","at":\d+,/)
  }
})

test('fault 162: a wall clock that was set back keeps nothing closed for longer than it was', async t => {
  const { start, wall } = await world(t)
  const first = start(0)
  for (let n = 0; n < 5; n++) await first.pass()
  wall.ms -= 86_400_000
  const { pass, time } = start(0)
  assert.equal(await pass(), 'BREAKER_OPEN')
  await time.advance(60_000)
  assert.equal(await pass(), 'SOURCE_RESET')
})

test('without a state directory nothing is kept and nothing is made', async t => {
  const { start, directory } = await world(t)
  rmSync(directory, { recursive: true })
  assert.equal(await start(0).pass(), 'SOURCE_RESET')
  assert.equal(await nodeDisk().stat(directory), undefined)
})
