// `ratchet config`: what is set and by whom, what differs, and settings of earlier bots (CFG-01, 03, 05, 06, 08).

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Log } from '../../src/base/log.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { snapshotOf } from '../../src/loop/settings-snapshot.ts'
import { world } from './host.ts'

const MARK = 'a-secret-that-must-not-be-seen-anywhere-0123456789'

test('show lists what was set, by whom, and secrets only as set or not', async context => {
  const { run, json } = await world(context, {
    environment: { MANIFEST_HMAC_KEY: MARK, RATCHET__TRAINING__SEED: '7' },
    configuration: { file: { name: 'ratchet.json', text: '{"labels": {"maxBars": 50}}' } },
  })
  const { out } = await run('config', 'show', '--source', '--set', 'report.keep=9')
  assert.match(out, /^labels\.maxBars +50 +ratchet\.json +default 100$/m)
  assert.match(out, /^training\.seed +7 +RATCHET__TRAINING__SEED +default 42$/m)
  assert.match(out, /^report\.keep +9 +--set report\.keep=9/m)
  assert.match(out, /^MANIFEST_HMAC_KEY +set$/m)
  assert.match(out, /^POLYGON_API_KEY +not set$/m)
  assert.ok(!out.includes(MARK))
  assert.match((await run('config', 'show')).out, /^labels\.maxBars +50 +default 100$/m)
  const { value } = await json('config', 'show', '--defaults')
  assert.ok(!JSON.stringify(value).includes(MARK))
  assert.ok((value['entries'] as readonly unknown[]).length > 60)
})

test('check tells the snapshot, which is another for another value and the same for the same', async context => {
  const { json, run, state } = await world(context)
  const snapshot = async (...sets: string[]) => (await json('config', 'check', ...sets)).value['snapshot']
  assert.match(String(await snapshot()), /^[0-9a-f]{16}$/)
  assert.equal(await snapshot('--set', 'training.seed=42'), await snapshot())
  assert.notEqual(await snapshot('--set', 'training.seed=43'), await snapshot())
  const wrong = await run('config', 'check', '--set', 'training.sed=7')
  assert.equal(wrong.code, 78)
  assert.match(wrong.err, /did you mean training\.seed\?/)
  assert.ok(!existsSync(state), 'nothing was opened')
})

test('a start tells the log what it is configured with, and runs carry the id that check tells', async context => {
  const lines: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = []
  const configuration = { file: { name: 'ratchet.json', text: '{"report": {"keep": 9}}' } }
  const settings = settingsSchema.parse({ report: { keep: 9 } })
  const log: Log = { write: (_, event, __, fields = {}) => void lines.push({ event, fields }) }
  const { run, json, ports, state } = await world(context, {
    environment: { MANIFEST_HMAC_KEY: MARK, GITHUB_TOKEN: MARK },
    configuration,
    ports: { settings, log },
  })
  await run('serve')
  const [summary, unread] = lines
  assert.equal(summary?.event, 'config.summary')
  const { value } = await json('config', 'check')
  assert.equal(summary.fields['snapshot'], value['snapshot'])
  assert.equal(value['snapshot'], snapshotOf(ports.settings).id)
  assert.deepEqual(summary.fields['values'], { 'report.keep': 9 })
  assert.deepEqual([unread?.event, value['unread']], ['config.unread', ['GITHUB_TOKEN']])
  assert.ok(!JSON.stringify(lines).includes(MARK))
  assert.equal(existsSync(state), true)
})

test('diff lists the keys in which two files differ', async context => {
  const { run, directory } = await world(context)
  const [a, b] = [join(directory, 'a.json'), join(directory, 'b.json')]
  writeFileSync(a, '{"training": {"seed": 1}} // mine')
  writeFileSync(b, '{"training": {"seed": 2, "folds": 5}}')
  assert.equal((await run('config', 'diff', a, b)).out, 'training.seed  1  ->  2\n')
  assert.match((await run('config', 'diff', a, a)).out, /the same/)
})

test('the reference page of all keys is what the schema says; make it again with: ratchet config schema --page', async context => {
  const { run } = await world(context)
  const page = readFileSync(new URL('../../docs/reference/configuration.md', import.meta.url), 'utf8')
  const { out } = await run('config', 'schema', '--page')
  assert.equal(page, out)
  assert.match(page, /^\| `training\.seed` \| `42` \| whole number >= 0 \|/m)
  assert.match(page, /^\| `api\.port` \| `8000` \|.*`PORT`/m)
  assert.match(page, /^\| `log\.level` .* yes \|$/m)
})

test('schema is a JSON Schema that knows a key', async context => {
  const { json } = await world(context)
  const { value } = await json('config', 'schema')
  assert.equal(value['type'], 'object')
  assert.ok(JSON.stringify(value).includes('"intervalMinutes"'))
})

test('import maps the keys of an earlier bot and accounts for the unknown; what is out of range is refused', async context => {
  const { run, json, directory } = await world(context)
  const [old, out] = [join(directory, 'appsettings.json'), join(directory, 'ratchet.json')]
  writeFileSync(
    old,
    '{"TradingBot": {"MaxPositionSize": 3, "MaxDailyLos": 0.01}, "CloudSync": {"IntervalMinutes": 20}}',
  )
  const { code, value } = await json('config', 'import', old, '--out', out)
  assert.equal(code, 6)
  assert.deepEqual(value['unknown'], [{ given: 'TradingBot.MaxDailyLos', near: 'tradingBot.maxDailyLoss' }])
  assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), {
    tradingBot: { maxPositionSize: 3 },
    cloudSync: { intervalMinutes: 20 },
  })
  assert.match((await run('config', 'import', old, '--out', out)).err, /CONFIG_EXISTS/)
  writeFileSync(old, '{"TradingBot": {"MaxDailyLoss": 1000}}')
  const dollars = await run('config', 'import', old, '--out', join(directory, 'new.json'))
  assert.equal(dollars.code, 78)
  assert.match(dollars.err, /fraction expected; for dollars use maxDailyLossDollars/)
  assert.ok(!existsSync(join(directory, 'new.json')))
})

const EARLIER = JSON.stringify({
  TradingBot: { IsProduction: true, Mode: 'Paper', MaxPositionSize: 3 },
  GitHub: { Owner: 'me', Token: MARK },
  CloudSync: { IntervalMinutes: 20 },
  Release: { Verify: { Required: ['hmac', 'ed25519'] } },
})

test('the settings file of an earlier bot loads as it is, and import tells changed keys from mapped and missing ones', async context => {
  const file = { name: 'appsettings.json', text: EARLIER }
  const { run, json, directory } = await world(context, { configuration: { file } })
  const { value } = await json('config', 'check')
  assert.equal(value['mode'], 'production')
  const [old, out] = [join(directory, 'appsettings.json'), join(directory, 'ratchet.json')]
  writeFileSync(old, EARLIER)
  const imported = await json('config', 'import', old, '--out', out)
  assert.equal(imported.code, 0)
  assert.deepEqual(imported.value['changed'], [{ given: 'TradingBot.IsProduction', key: 'mode', value: 'production' }])
  assert.deepEqual(imported.value['absent'], ['TradingBot.Mode', 'GitHub.Owner', 'GitHub.Token'])
  assert.equal((imported.value['mapped'] as readonly unknown[]).length, 3)
  assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), {
    tradingBot: { maxPositionSize: 3 },
    cloudSync: { intervalMinutes: 20 },
    release: { verify: { required: ['hmac', 'ed25519'] } },
    mode: 'production',
  })
  assert.ok(!(JSON.stringify(imported.value) + readFileSync(out, 'utf8')).includes(MARK))
  writeFileSync(old, '{"TradingBot": {"Mode": "live"}}')
  assert.equal((await run('config', 'import', old, '--out', join(directory, 'live.json'))).code, 6)
})

test('a password in a URL is refused, and not repeated', async context => {
  const { run } = await world(context)
  const { code, err } = await run('config', 'check', '--set', `data.fred.baseUrl=https://me:${MARK}@example.com/fred`)
  assert.equal(code, 78)
  assert.match(err, /a URL without user and password/)
  assert.ok(!err.includes(MARK), err)
})
