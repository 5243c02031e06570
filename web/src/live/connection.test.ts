// Snapshot, stream, loss and recovery, with a server and a clock that the test moves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status } from '../../../src/api/schemas/status.ts'
import { type Connected, connect, type StreamHandlers } from './connection.ts'
import { exampleBar, exampleEvent, exampleStatus } from './example-status.ts'

const settle = () => new Promise(resolve => setImmediate(resolve))

const drill = (seq: number) => ({
  seq,
  runId: 'run-1',
  at: seq * 1000,
  topic: 'judged',
  drill: true,
  verdict: 'refused',
})

function world(status: Status = exampleStatus()) {
  let current: Connected = { picture: null, link: 'connecting', heardAt: null }
  let answers = status
  let reachable = true
  const streams: { since: number; handlers: StreamHandlers; closed: boolean }[] = []
  const timers: { ms: number; work: () => void }[] = []
  const topics: string[] = []
  const { stop, refresh } = connect({
    async read(path) {
      if (!reachable) throw new TypeError('unreachable')
      if (path === '/api/status') return answers as never
      if (path === '/api/alerts') return { items: [drill(21), drill(20)] } as never
      if (path === '/api/bars') return { items: [8, 9, 10, 11].map(index => ({ ...exampleBar(index) })) } as never
      return {
        capital: 1,
        at: [9000, 10_000, 11_000],
        equity: [1, 2, 3],
        hold: [1, 1, 1],
        previous: [null, null, null],
      } as never
    },
    openStream(since, handlers) {
      const stream = { since, handlers, closed: false }
      streams.push(stream)
      return () => {
        stream.closed = true
      }
    },
    schedule: work => work(),
    after(ms, work) {
      const timer = { ms, work }
      timers.push(timer)
      return () => timers.splice(timers.indexOf(timer), 1)
    },
    now: () => 77,
    onChange: next => {
      current = next
    },
    onTopics: seen => topics.push(...seen),
  })
  return {
    stop,
    refresh,
    streams,
    topics,
    now: () => current,
    answer: (next: Status): void => {
      answers = next
    },
    reach: (can: boolean): void => {
      reachable = can
    },
    /** Lets every timer of this length ring once. */
    ring: async (ms: number): Promise<void> => {
      for (const timer of timers.filter(other => other.ms === ms)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.work()
      }
      await settle()
    },
  }
}

test('the snapshot ends where the stream begins: what the lists know beyond it comes as events', async () => {
  const { now, streams, topics } = world()
  await settle()
  assert.equal(streams[0]!.since, 20)
  assert.deepEqual(
    now().picture?.bars.map(({ index }) => index),
    [8, 9],
  )
  assert.deepEqual(
    now().picture?.account.map(({ at }) => at),
    [9000, 10_000],
  )
  streams[0]!.handlers.onOpen()
  streams[0]!.handlers.onEvent(exampleEvent(21, 'bar', exampleBar(10)))
  assert.equal(now().link, 'live')
  assert.equal(now().heardAt, 77)
  assert.equal(now().picture?.status.run?.barsDone, 11)
  assert.deepEqual(topics, ['bar'])
})

test('alerts of before are there too, those beyond the snapshot come as events', async () => {
  const { now } = world()
  await settle()
  assert.deepEqual(
    now().picture?.notices.map(({ seq, topic, at, body }) => [seq, topic, at, body]),
    [[20, 'judged', 20_000, { drill: true, verdict: 'refused' }]],
  )
})

test('a gap, another run and a resync each fetch a new snapshot', async () => {
  const { streams, answer } = world()
  await settle()
  answer(exampleStatus({ lastSeq: 25 }))
  streams[0]!.handlers.onEvent(exampleEvent(25, 'bar', exampleBar(14)))
  await settle()
  assert.equal(streams[0]!.closed, true)
  assert.equal(streams[1]!.since, 25)
  streams[1]!.handlers.onEvent(exampleEvent(26, 'bar', exampleBar(0), 'run-2'))
  await settle()
  assert.equal(streams.length, 3)
  streams[2]!.handlers.onResync()
  await settle()
  assert.equal(streams.length, 4)
})

test('a lost stream is said; one that gives up is opened again from the last event', async () => {
  const { now, streams, ring } = world()
  await settle()
  streams[0]!.handlers.onOpen()
  streams[0]!.handlers.onEvent(exampleEvent(21, 'bar', exampleBar(10)))
  streams[0]!.handlers.onError(false)
  assert.equal(now().link, 'lost')
  streams[0]!.handlers.onOpen()
  assert.equal(now().link, 'live')
  streams[0]!.handlers.onError(true)
  await ring(1500)
  assert.equal(streams[1]!.since, 21)
})

test('without a server at the start it asks again until there is one', async () => {
  const { now, streams, reach, ring } = world()
  reach(false)
  await settle()
  await ring(1500)
  reach(false)
  await ring(1500)
  reach(true)
  await ring(1500)
  await ring(1500)
  assert.ok(streams.length >= 1)
  assert.notEqual(now().picture, null)
})

test('a silent server is found out by asking, and a new run by its name', async () => {
  const { now, streams, reach, answer, ring } = world()
  await settle()
  streams[0]!.handlers.onOpen()
  reach(false)
  await ring(4000)
  assert.equal(now().link, 'lost')
  reach(true)
  const { run } = exampleStatus()
  answer(exampleStatus({ run: { ...run!, runId: 'run-2' } }))
  await ring(4000)
  assert.equal(now().picture?.status.run?.runId, 'run-2')
})

test('one answer that did not come is no lost connection for ever', async () => {
  const { now, streams, reach, ring } = world()
  await settle()
  streams[0]!.handlers.onOpen()
  reach(false)
  await ring(4000)
  assert.equal(now().link, 'lost')
  reach(true)
  await ring(4000)
  assert.equal(now().link, 'live')
  assert.equal(streams.length, 1)
})

test('what is true now can be asked for at once', async () => {
  const { now, refresh, answer } = world()
  await settle()
  answer(exampleStatus({ mode: 'HALTED' }))
  await refresh()
  assert.equal(now().picture?.status.mode, 'HALTED')
})

test('stopped, it hears nothing any more', async () => {
  const { now, stop, streams } = world()
  await settle()
  stop()
  const before = now()
  streams[0]!.handlers.onEvent(exampleEvent(21, 'bar', exampleBar(10)))
  assert.equal(now(), before)
  assert.equal(streams[0]!.closed, true)
})
