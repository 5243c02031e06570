// Lists: page by page, sorted by what is allowed, as CSV; edits of what was seen before; costly requests.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReleaseDetail } from '../../src/api/schemas/releases.ts'
import { asker, type Page } from './asker.ts'
import { type ApiWorld, HOST, JSON_HEADERS, openApiWorld, serve } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

const { ask, get, refused, all } = asker(() => world)

const LISTS = [
  ['/api/releases', 'digest', ['firstSeen', 'version', 'label']],
  ['/api/trainings', 'trainingId', ['asOf', 'durationMs', 'effectiveRows']],
  ['/api/runs', 'runId', ['startedAt', 'symbol']],
  ['/api/models/timeline', 'seq', ['seq']],
] as const

test('lists come page by page in every order that is allowed, each row once', async () => {
  for (const [url, id, sorts] of LISTS) {
    for (const sort of sorts) {
      const rowsOf = (order: string, limit: number) =>
        all<Record<string, unknown>>(`${url}?sort=${sort}&order=${order}&limit=${limit}`)
      const whole = (await rowsOf('oldest', 500)).map(row => row[id])
      assert.ok(whole.length > 0, url)
      assert.deepEqual(
        (await rowsOf('oldest', 1)).map(row => row[id]),
        whole,
        `${url} by ${sort}`,
      )
      const down = await rowsOf('newest', 2)
      assert.deepEqual(new Set(down.map(row => row[id])), new Set(whole))
      const values = down.map(row => row[sort]).filter(value => value !== null) as number[]
      assert.deepEqual(
        values,
        values.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
      )
    }
    assert.equal((await ask(`${url}?sort=colour`)).statusCode, 400, url)
    assert.equal((await ask(`${url}?limit=501`)).statusCode, 400, url)
    await refused(`${url}?cursor=abc`, 400, 'CURSOR_INVALID')
  }
})

test('a row that comes in meanwhile shifts nothing', async () => {
  const first = await get<Page<{ trainingId: string }>>('/api/trainings?limit=2&order=newest')
  const [known] = await world.world.database.selectFrom('training_runs').selectAll().limit(1).execute()
  const more = { ...known!, training_id: 'replay-1-later', as_of: 1e15, number: 9 }
  await world.world.database.insertInto('training_runs').values(more).execute()
  const second = await get<Page<{ trainingId: string }>>(`/api/trainings?limit=2&order=newest&cursor=${first.next}`)
  await world.world.database.deleteFrom('training_runs').where('training_id', '=', 'replay-1-later').execute()
  const both = [...first.items, ...second.items].map(({ trainingId }) => trainingId)
  const now = await all<{ trainingId: string }>('/api/trainings?order=newest&limit=500')
  assert.deepEqual(
    both,
    now.map(({ trainingId }) => trainingId),
  )
})

test('every list is CSV for those who ask, nested figures as JSON and the next cursor in a header', async () => {
  for (const url of [...LISTS.map(([own]) => own), '/api/alerts', '/api/decisions', '/api/trades']) {
    const response = await ask(`${url}?limit=1`, { accept: 'text/csv' })
    assert.match(String(response.headers['content-type']), /^text\/csv/, url)
    const [header, row] = response.body.split('\r\n')
    assert.ok((header ?? '').split(',').length > 3, url)
    assert.doesNotMatch(row ?? '', /\[object/)
  }
  const { headers, body } = await ask('/api/releases?limit=1', { accept: 'text/csv' })
  assert.ok(headers['x-next-cursor'])
  assert.match(body, /"\[\{""from"":\d+/)
  assert.match((await ask('/api/alerts', { accept: 'text/csv' })).body, /^seq,runId,at,topic,body\r\n/)
})

test('what has changed since it was looked at is not edited: If-Match', async () => {
  const name = world.refused.manifest.label
  const { etag } = (await ask(`/api/releases/${name}`)).headers
  const block = (tag: string) =>
    world.api.inject({
      method: 'POST',
      url: `/api/releases/${name}/block`,
      payload: '{"reason":"looked at it"}',
      headers: { ...JSON_HEADERS, 'if-match': tag },
    })
  assert.equal((await block(etag!)).statusCode, 200)
  assert.equal((await block(`"x", ${etag}`)).statusCode, 200)
  assert.equal((await block('*')).statusCode, 200)
  const stale = await block('"0123456789abcdef0123456789abcdef"')
  assert.deepEqual([stale.statusCode, stale.json<{ code: string }>().code], [412, 'VERSION_CHANGED'])
  assert.equal(world.control.asked.length, 3)
})

test('thirty trainings an hour are started from one address, whatever else it asks', async t => {
  let now = 1e12
  const { api, close } = await serve(world.directory, { control: world.control, clock: { now: () => now } })
  t.after(close)
  const start = () =>
    api.inject({ method: 'POST', url: '/api/trainings/start', payload: '{"reason":"new data"}', headers: JSON_HEADERS })
  for (let i = 0; i < 30; i++) assert.equal((await start()).statusCode, 200)
  const refusal = await start()
  assert.deepEqual(
    [refusal.statusCode, refusal.headers['ratelimit-limit'], refusal.headers['retry-after']],
    [429, '30', '120'],
  )
  assert.equal((await api.inject({ url: '/api/runs', headers: HOST })).statusCode, 200)
  now += 120_000
  assert.equal((await start()).statusCode, 200)
})

test('small answers are those of the routes that tell more', async () => {
  const digest = world.installed.manifestSha256
  const release = await get<ReleaseDetail>(`/api/releases/${digest}`)
  const models = await get<{ items: { id: string; digest: string }[] }>('/api/models')
  assert.deepEqual(models.items.map(({ id }) => id).sort(), ['execution', 'meta', 'rl_sizer'])
  assert.ok(models.items.every(model => model.digest === digest))
  const meta = await get<{ role: unknown }>('/api/models/meta')
  assert.deepEqual(
    meta.role,
    release.roles.find(({ role }) => role === 'meta'),
  )
  assert.equal((await ask('/api/models/meta/card')).body, '# Model 1\n')
  await refused('/api/models/nope', 404, 'MODEL_UNKNOWN')
  assert.deepEqual((await get<{ lineage: unknown }>(`/api/lineage/${digest}`)).lineage, release.lineage)
  const { account } = await get<{ account: unknown }>('/api/status')
  assert.deepEqual((await get<{ account: unknown }>('/api/account')).account, account)
  const { limits } = await get<{ limits: Record<string, number> }>('/api/risk')
  assert.equal(limits['maxDailyLoss'], 0.02)
  const { items: instruments } = await get<{ items: { symbol: string; pointValue: number }[] }>('/api/instruments')
  assert.equal(instruments.find(({ symbol }) => symbol === 'MES')?.pointValue, 5)
  const { items: sets } = await get<{ items: { symbol: string; rows: number }[] }>('/api/datasets')
  assert.deepEqual(
    sets.map(({ symbol, rows }) => [symbol, rows]),
    [['SIM', 700]],
  )
  const { configuration } = await get<{ configuration: { training: { seed: number } } }>('/api/config')
  assert.equal(typeof configuration.training.seed, 'number')
})

test('the leaderboard has the smallest log loss first, with its baseline, trials and age', async () => {
  const { items } = await get<{
    items: { label: string; trials: number; ageMs: number; headline: { name: string; baselineName: string }[] }[]
  }>('/api/leaderboard')
  assert.equal(items.length, 2)
  assert.ok(items.every(({ trials, ageMs }) => trials >= 1 && ageMs >= 0))
})

test('who asks for no page is told name, version and links at the root', async () => {
  const { name, version, links } = await get<{ name: string; version: string; links: Record<string, string> }>('/')
  assert.deepEqual([name, version], ['ratchet', '0.1.0'])
  for (const link of Object.values(links)) assert.equal((await ask(link)).statusCode, 200, link)
  assert.match((await ask('/', { accept: 'text/html' })).body, /^<!doctype html>/)
})
