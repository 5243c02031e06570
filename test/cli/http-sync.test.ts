// `ratchet sync --source URL` as a person uses it: from a published tree behind a web server to the model in charge.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { filesSource } from '../../src/adapters/files/source.ts'
import { httpSources, isUrl } from '../../src/adapters/http/configured.ts'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { loadConfig } from '../../src/base/config.ts'
import { silentLog } from '../../src/base/log.ts'
import { seededRng } from '../../src/base/rng.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { syncOnce } from '../../src/loop/sync-once.ts'
import { netServer } from '../faults/net.ts'
import { SAMPLE, world } from './host.ts'

const KEY = 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611185'

const remote = httpSources({
  settings: loadConfig(settingsSchema, {
    env: {},
    sets: ['cloudTrainer.http.rateLimitPerMinute=60000', 'resilience.baseDelayMs=5'],
  }),
  environment: {},
  disk: nodeDisk(),
  clock: monotonicClock,
  timer: systemTimer,
  rng: seededRng('sync'),
  log: silentLog,
})

test('sync over HTTP installs, is up to date, and no mishap on the way speaks against the models in charge', async t => {
  const { directory, json, ports } = await world(t, {
    environment: { MANIFEST_HMAC_KEY: KEY },
    ports: { source: place => (isUrl(place) ? remote(place) : filesSource(place)) },
  })
  const release = join(directory, 'release')
  const tree = join(directory, 'tree')
  const trained = await json('train', '--bars', SAMPLE, '--symbol', 'SPX', '--out', release, '--seed', '7')
  assert.equal(trained.code, 0, JSON.stringify(trained.value))
  assert.equal((await json('publish', release, '--to', tree)).code, 0)
  const server = await netServer()
  t.after(() => server.close())
  for (const path of readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (/\.\w+$/.test(path)) server.put(path, readFileSync(join(tree, path)))
  }
  const sync = async (source: string) => {
    const { code, value } = await json('sync', '--source', source)
    const {
      installed,
      refused = [],
      inCharge,
    } = value as {
      installed?: number
      refused?: { code: string }[]
      inCharge?: string
    }
    return { code, installed, refused: refused.map(refusal => refusal.code), inCharge, error: value['error'] }
  }
  const releaseId = trained.value['releaseId']
  const kept = { installed: 0, inCharge: releaseId, error: undefined }
  assert.deepEqual(await sync(server.url), { ...kept, code: 0, installed: 1, refused: [] })
  assert.deepEqual(await sync(server.url), { ...kept, code: 0, refused: [] })

  const verified = await json('verify', server.url)
  assert.deepEqual([verified.code, verified.value['valid']], [0, true], JSON.stringify(verified.value))
  server.schedule({ on: /meta_model/, fault: { flip: true } })
  const forged = await json('verify', server.url)
  assert.equal(forged.code, 1)
  assert.match(JSON.stringify(forged.value), /MEMBER_HASH.*models\/meta.onnx/)
  server.schedule()

  // Starts that end early count against the set in charge when it is the set that ends them; nothing here is.
  for (let n = 0; n < 2; n++) {
    const refused = await sync(server.url.replace('//', '//user:hidden@'))
    assert.equal(refused.code, 2)
    assert.ok(!JSON.stringify(refused).includes('hidden'))
  }
  assert.deepEqual(await sync('http://127.0.0.1:1'), { ...kept, code: 3, refused: ['SOURCE_UNREACHABLE'] })
  server.schedule({ fault: { stall: 'headers' } })
  for (let n = 0; n < 2; n++) {
    const stop = new AbortController()
    const state = await ports.openState(join(directory, 'state'))
    const running = syncOnce({ source: server.url, signal: stop.signal }, state, ports)
    const refusal = assert.rejects(running, /called off/)
    const before = server.requests.length
    while (server.requests.length === before) await new Promise(setImmediate)
    stop.abort(new Error('called off'))
    await refusal
    await state.close()
  }
  server.schedule()
  assert.deepEqual(await sync(server.url), { ...kept, code: 0, refused: [] })
})
