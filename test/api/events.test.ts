// The stream of events over real sockets (API-04): exact sequence whatever breaks, filters, slow consumers, what is true now.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../../src/adapters/sql/open.ts'
import { listen } from '../../src/api/listen.ts'
import { seededRng } from '../../src/base/rng.ts'
import { consume, type Told } from './consumer.ts'
import { type ApiOptions, LIVE, type Served, serve, type ToyControl, toyControl } from './world.ts'

type Stream = { readonly directory: string; readonly database: Database; readonly control: ToyControl }

/** A state directory with nothing but a database that the test writes. */
async function stream(t: TestContext): Promise<Stream> {
  const directory = mkdtempSync(join(tmpdir(), 'ratchet-events-'))
  const database = await openDatabase(join(directory, 'ratchet.db'))
  t.after(async () => {
    await database.destroy()
    rmSync(directory, { recursive: true, force: true })
  })
  return { directory, database, control: toyControl() }
}

async function listening(t: TestContext, { directory, control }: Stream, options: ApiOptions = {}, port = 0) {
  const served = await serve(directory, { control, ...options })
  let open = true
  const close = async (): Promise<void> => {
    if (open) await served.close()
    open = false
  }
  t.after(close)
  const { url, port: taken } = await listen(served.api, { host: '127.0.0.1', port, development: false })
  return { ...served, close, url, port: taken } satisfies Served & { url: string; port: number }
}

/** Writes events of one batch and says that they are durable, as the loop does. */
async function write({ database, control }: Stream, count: number, topic = 'risk', filler = ''): Promise<number> {
  const rows = Array.from({ length: count }, (_, i) => ({
    run_id: 'replay-1',
    topic,
    at: i,
    body: JSON.stringify({ state: 'ACTIVE', cause: filler, bar: i }),
  }))
  const { insertId } = await database.insertInto('events_outbox').values(rows).executeTakeFirstOrThrow()
  const last = Number(insertId)
  control.commit(last)
  return last
}

const until = async (done: () => boolean, ms = 15_000): Promise<void> => {
  for (let waited = 0; !done(); waited += 10) {
    assert.ok(waited < ms, 'it took too long')
    await sleep(10)
  }
}

const seqOf = ({ data }: Told): number => (JSON.parse(data) as { seq: number }).seq

test('random disconnects and a restart of the server: every consumer has every event once and in order', {
  timeout: 60_000,
}, async t => {
  const events = 100_000
  const world = await stream(t)
  let server = await listening(t, world)
  const rng = seededRng(7)
  const consumers = Array.from({ length: 4 }, () => ({ seqs: [] as number[], breaks: 0, others: [] as string[] }))
  const progress = { over: false }
  const run = async (mine: (typeof consumers)[number]): Promise<void> => {
    while (!progress.over) {
      const last = mine.seqs.at(-1)
      let left = 1 + rng.int(events / 10)
      const connection = consume(
        `${server.url}/api/events?since=0`,
        last === undefined ? undefined : `${last}`,
        told => {
          if (told.id === '') {
            mine.others.push(told.event)
            return
          }
          assert.equal(told.id, String(seqOf(told)))
          mine.seqs.push(seqOf(told))
          if (--left === 0) {
            mine.breaks++
            connection.drop()
          }
          if (mine.seqs.length >= events) progress.over = consumers.every(({ seqs }) => seqs.length >= events)
        },
      )
      const giveUp = until(() => progress.over, 60_000).then(() => connection.drop())
      await connection.ended
      await Promise.race([giveUp, sleep(1)])
    }
  }
  const running = Promise.all(consumers.map(run))
  let written = 0
  while (written < events) {
    written = await write(world, 500)
    await sleep(1)
    if (written === events / 2) {
      const { port } = server
      await server.close()
      await write(world, 500)
      written += 500
      server = await listening(t, world, {}, port)
    }
  }
  await running
  t.diagnostic(`${events} events, ${consumers.map(({ breaks }) => breaks).join('+')} breaks`)
  for (const { seqs, breaks, others } of consumers) {
    assert.equal(seqs.length, events)
    assert.ok(seqs.every((seq, at) => seq === at + 1))
    assert.ok(breaks > 3, `${breaks} breaks`)
    assert.deepEqual(others, [])
  }
})

test('without a place to begin only what comes from now on is told', async t => {
  const world = await stream(t)
  await write(world, 5)
  const { url } = await listening(t, world)
  const told: Told[] = []
  const { drop, ended, response } = consume(`${url}/api/events`, undefined, event => told.push(event))
  assert.equal((await response).headers['content-type'], 'text/event-stream; charset=utf-8')
  await sleep(50)
  await write(world, 2)
  await until(() => told.length === 2)
  assert.deepEqual(told.map(seqOf), [6, 7])
  assert.deepEqual(JSON.parse(told[0]!.data), { seq: 6, runId: 'replay-1', at: 0, state: 'ACTIVE', cause: '', bar: 0 })
  drop()
  await ended
})

test('topics narrow the stream, and what is left out is not asked for again', async t => {
  const world = await stream(t)
  const { url } = await listening(t, world)
  await write(world, 1500, 'bar')
  await write(world, 1, 'swap')
  await write(world, 1500, 'bar')
  const told: Told[] = []
  const { drop, ended } = consume(`${url}/api/events?since=0&topics=swap,risk`, undefined, event => told.push(event))
  await until(() => told.length === 1)
  await write(world, 1, 'risk')
  await until(() => told.length === 2)
  assert.deepEqual(
    told.map(({ event, id }) => [event, id]),
    [
      ['swap', '1501'],
      ['risk', '3002'],
    ],
  )
  drop()
  await ended
})

test('who asks for what is no longer kept is told where it begins', async t => {
  const world = await stream(t)
  await write(world, 20)
  await world.database.deleteFrom('events_outbox').where('seq', '<=', 10).execute()
  const { url } = await listening(t, world)
  const told: Told[] = []
  const { drop, ended } = consume(`${url}/api/events?since=3`, undefined, event => told.push(event))
  await until(() => told.length === 11)
  assert.equal(told[0]!.event, 'resync')
  assert.deepEqual(JSON.parse(told[0]!.data), { oldest: 11, newest: 20 })
  assert.deepEqual(told.slice(1).map(seqOf), [11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  drop()
  await ended
})

test('who knows more than there is is told so: the database is another one', async t => {
  const world = await stream(t)
  await write(world, 4)
  const { url } = await listening(t, world)
  const told: Told[] = []
  const { drop, ended } = consume(`${url}/api/events?since=900`, undefined, event => told.push(event))
  await until(() => told.length === 1)
  assert.deepEqual([told[0]!.event, told[0]!.data], ['resync', '{"oldest":1,"newest":4}'])
  drop()
  await ended
})

test('what another process writes is found without a word from it', async t => {
  const world = await stream(t)
  const { url } = await listening(t, world)
  const told: Told[] = []
  const { drop, ended } = consume(`${url}/api/events?since=0`, undefined, event => told.push(event))
  await sleep(50)
  await write({ ...world, control: toyControl() }, 1)
  await until(() => told.length === 1, 3000)
  drop()
  await ended
})

test('what is true now comes at most ten times a second, the newest always, and has no place in the sequence', async t => {
  const world = await stream(t)
  world.control.show(LIVE)
  const { url } = await listening(t, world)
  const told: Told[] = []
  const began = performance.now()
  const { drop, ended } = consume(`${url}/api/events`, undefined, event => told.push(event))
  await until(() => told.length === 1)
  for (let i = 1; i <= 100; i++) {
    world.control.show({ ...LIVE, nextTrainingBar: i })
    await sleep(5)
  }
  await until(() => told.some(({ data }) => data.includes('"nextTrainingBar":100')))
  // However long a slow machine took for it: the first, one each tenth of a second, and the last.
  const most = 2 + (performance.now() - began) / 100
  assert.ok(told.length <= most, `${told.length} states where ${most.toFixed(1)} are the most`)
  assert.ok(told.every(({ event, id }) => event === 'live' && id === ''))
  drop()
  await ended
})

test('silence is broken by a comment, so that a dead connection is found', async t => {
  const world = await stream(t)
  const { url } = await listening(t, world, { limits: { heartbeatMs: 500 } })
  const { response, drop, ended } = consume(`${url}/api/events`, undefined, () => undefined)
  let text = ''
  ;(await response).on('data', (chunk: string) => (text += chunk))
  await until(() => text.includes(': still here'), 4000)
  drop()
  await ended
})

test('a consumer that reads nothing is cut with a reason once a thousand events wait, and goes on from there', async t => {
  const world = await stream(t)
  const { url } = await listening(t, world, { limits: { stallMs: 200 } })
  const told: Told[] = []
  const { response, ended } = consume(`${url}/api/events?since=0`, undefined, event => told.push(event))
  ;(await response).pause()
  // More than the buffers of two sockets hold.
  for (let i = 0; i < 20; i++) await write(world, 1000, 'risk', 'x'.repeat(1000))
  await sleep(800)
  ;(await response).resume()
  await ended
  const cut = told.at(-1)!
  assert.equal(cut.event, 'cut')
  assert.match(cut.data, /"reason":"\d+ events wait and nothing was read for 200 ms"/)
  const seqs = told.slice(0, -1).map(seqOf)
  assert.ok(seqs.every((seq, at) => seq === at + 1))
  assert.ok(seqs.length < 20_000)
})

test('a server that closes ends its streams at once', async t => {
  const world = await stream(t)
  const { url, close } = await listening(t, world)
  const { ended, response } = consume(`${url}/api/events`, undefined, () => undefined)
  await response
  const before = performance.now()
  await close()
  await ended
  assert.ok(performance.now() - before < 1000)
})
