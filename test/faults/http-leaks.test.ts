// REL-50: sources start and are called off at any moment, and nothing stays: no socket, no timer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRng } from '../../src/base/rng.ts'
import { readObject } from '../../src/release/fetch.ts'
import { publishedPath } from '../../src/release/layout.ts'
import { fresh } from './http-bot.ts'
import { publishOn, sourceAt } from './http-world.ts'
import { type NetFault, netServer } from './net.ts'

const cycles = process.env['RATCHET_LONG'] === '1' ? 1_000 : 200
const path = publishedPath('models/meta.onnx', fresh.manifest.label)
const size = fresh.files.get('models/meta.onnx')!.length

const FAULTS: readonly NetFault[] = [{}, { stall: 'headers' }, { stall: 9 }, { refuse: true }, { bytesPerSecond: 100 }]

const counted = (): string =>
  JSON.stringify(
    process
      .getActiveResourcesInfo()
      .filter(kind => kind !== 'Immediate')
      .sort(),
  )

test(`${cycles} starts and stops leave no socket and no timer`, async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, fresh)
  const rng = seededRng('leaks')
  const before = counted()
  const ends = new Map<string, number>()
  const stopped = new Error('stopped')
  for (let n = 0; n < cycles; n++) {
    server.schedule({ fault: FAULTS[n % FAULTS.length]! })
    const stop = new AbortController()
    const source = sourceAt(server.url)
    const work = Promise.all([
      source.discover(undefined, stop.signal),
      readObject(source, path, size, stop.signal),
    ]).then(
      () => 'done',
      (cause: unknown) => (cause === stopped ? 'stopped' : 'refused'),
    )
    const moment = rng.int(3)
    if (moment === 0) await new Promise(setImmediate)
    else if (moment === 1) await sleep(rng.int(8))
    else await Promise.race([work, sleep(30)])
    stop.abort(stopped)
    const end = await work
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  // The other end needs a moment to see that we left.
  for (let n = 0; n < 100 && server.connections() > 0; n++) await sleep(5)
  await sleep(40)
  assert.equal(server.connections(), 0)
  assert.equal(counted(), before)
  assert.ok((ends.get('stopped') ?? 0) > cycles / 4, JSON.stringify([...ends]))
  t.diagnostic(`${cycles} cycles: ${JSON.stringify(Object.fromEntries(ends))}, seed "leaks"`)
})
