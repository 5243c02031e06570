// LIB-03: a runtime leaves nothing behind, prints nothing, and keeps its hands off the process.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { RuntimeOptions } from '../../src/entry/serving.ts'
import { publishOn } from '../faults/http-world.ts'
import { netServer } from '../faults/net.ts'
import { release, TRUST, world } from './world.ts'

const child = fileURLToPath(new URL('bot-child.ts', import.meta.url))

/** `how` it closes, and the program `under` which it runs. */
type Starting = { readonly how?: readonly string[]; readonly under?: readonly string[] }

/** What the program said on both streams and how it ended; killed after 20 s. */
async function run(options: RuntimeOptions, { how = [], under = [] }: Starting = {}) {
  const [program = '', ...args] = [...under, process.execPath, child, JSON.stringify(options), ...how]
  const bot = spawn(program, args, { timeout: 20_000 })
  const [out, err, [code, signal]] = await Promise.all([text(bot.stdout), text(bot.stderr), once(bot, 'exit')])
  assert.deepEqual({ code, signal, err }, { code: 0, signal: null, err: '' })
  return JSON.parse(out) as unknown
}

test('a program that closes its runtime ends by itself, with nothing open and nothing printed', async t => {
  const { place, stateDir } = await world(t, 'files')
  const first = release({ seed: 1 })
  await place.publish(first)
  const options = { stateDir, source: place.source, trust: TRUST, symbol: 'SPX', channel: 'demo' }
  const clean = { answer: first.releaseId, pass: first.releaseId, handlers: true, files: 0 }
  assert.deepEqual(await run(options), clean)
  assert.deepEqual(await run(options), clean, 'and starts again on what it kept')
})

test('so does one that closes while its source keeps it waiting', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, release({ seed: 1 }))
  server.schedule({ fault: { stall: 'headers' } })
  const { stateDir } = await world(t, 'files')
  const source = { kind: 'manifest', url: server.url, allowHttp: true } as const
  const ended = await run({ stateDir, source, trust: TRUST, symbol: 'SPX', channel: 'demo' }, { how: ['hang'] })
  assert.deepEqual(ended, { answer: 'NO_MODEL', pass: 'RUNTIME_CLOSED', handlers: true, files: 0 })
})

// A bind mount that is read-only holds for root too, as a changed mode would not.
const readOnly = (directory: string): readonly string[] => {
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
  return ['unshare', '-rm', 'sh', '-c', script, directory]
}
const [, ...mounting] = [...readOnly(tmpdir()), 'true']
const skip = spawnSync('unshare', mounting).status === 0 ? false : 'no namespace with mounts is permitted here'

test('fault 85: on a read-only directory a bot decides with what is in charge and takes nothing new', {
  skip,
}, async t => {
  const { place, stateDir } = await world(t, 'files')
  const first = release({ seed: 1 })
  await place.publish(first)
  const options = { stateDir, source: place.source, trust: TRUST, symbol: 'SPX', channel: 'demo' }
  await run(options)
  await place.publish(release({ seed: 2, after: first }))
  const clean = { answer: first.releaseId, pass: first.releaseId, handlers: true, files: 0 }
  for (const start of [1, 2, 3])
    assert.deepEqual(await run(options, { under: readOnly(stateDir) }), clean, `start ${start}`)
})
