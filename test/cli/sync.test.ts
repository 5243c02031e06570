// `ratchet train` and `ratchet sync` as a person uses them: install, up to date, and every damaged file refused by code and name.

import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/base/config.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { SAMPLE, world } from './host.ts'

const KEY = 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611185'

type Answer = {
  readonly installed: number
  readonly releaseId: string | null
  readonly previous: string | null
  readonly refused: readonly { readonly code: string; readonly file: string; readonly detail: string }[]
  readonly inCharge: string | null
}

test('sync installs what train made, then is up to date, and refuses it with one byte changed in any file', async t => {
  const { directory, json } = await world(t, { environment: { MANIFEST_HMAC_KEY: KEY } })
  const release = join(directory, 'release')
  const bot = join(directory, 'bot')
  const sync = async (source: string) => {
    const { code, value } = await json('sync', '--source', source, '--state', bot)
    return { code, answer: value as unknown as Answer }
  }
  const trained = await json('train', '--bars', SAMPLE, '--symbol', 'SPX', '--out', release, '--seed', '7')
  assert.equal(trained.code, 0, JSON.stringify(trained.value))
  const releaseId = trained.value['releaseId']

  const tried = await json('sync', '--source', release, '--state', bot, '--dry-run')
  const [candidate] = tried.value['candidates'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    [tried.code, candidate!['releaseId'], candidate!['would'], tried.value['inCharge']],
    [0, releaseId, 'install', null],
  )
  assert.ok((candidate!['gates'] as { readonly results: readonly unknown[] }).results.length > 10)
  const listed = await json('models', 'list', '--state', bot)
  assert.deepEqual(listed.value['releases'], [], 'a dry run leaves nothing behind')

  const first = await sync(release)
  assert.deepEqual(
    [first.code, first.answer.installed, first.answer.inCharge, first.answer.previous],
    [0, 1, releaseId, null],
  )
  const second = await sync(release)
  assert.deepEqual([second.code, second.answer.installed, second.answer.refused], [0, 0, []])

  const files = readdirSync(release, { recursive: true, encoding: 'utf8' }).filter(name => /\.\w+$/.test(name))
  assert.ok(files.length >= 15)
  for (const [n, name] of files.entries()) {
    const damaged = join(directory, `damaged-${n}`)
    cpSync(release, damaged, { recursive: true })
    const bytes = readFileSync(join(damaged, name))
    bytes[Math.floor(bytes.length / 2)]! ^= 1
    writeFileSync(join(damaged, name), bytes)
    // A bot that knows nothing yet: nothing but the bytes can be the reason.
    const fresh = await json('sync', '--source', damaged, '--state', join(directory, `fresh-${n}`))
    const { refused, inCharge } = fresh.value as unknown as Answer
    assert.deepEqual([fresh.code, inCharge, refused.length], [1, null, 1], name)
    assert.equal(refused[0]!.file, name)
    assert.match(refused[0]!.code, /^[A-Z_]+$/)
    if (n === 0) {
      const dry = await json('sync', '--source', damaged, '--state', join(directory, 'dry'), '--dry-run')
      const [no] = dry.value['candidates'] as readonly Record<string, unknown>[]
      assert.deepEqual([dry.code, no!['would'], no!['file']], [1, 'refuse', name])
    }
    // The bot that has it in charge keeps it.
    assert.equal((await sync(damaged)).answer.inCharge, releaseId, name)
  }
})

test('train refuses to write into a folder that exists, and leaves it as it is', async t => {
  const { directory, json } = await world(t)
  const { code, value } = await json('train', '--bars', SAMPLE, '--symbol', 'SPX', '--out', directory)
  assert.equal(code, 5)
  assert.equal((value['error'] as { code: string }).code, 'RELEASE_EXISTS')
  assert.deepEqual(readdirSync(directory), ['state'])
})

test('a source that is not there is unreachable, not refused', async t => {
  const { directory, json } = await world(t)
  const { code, value } = await json('sync', '--source', join(directory, 'nowhere'))
  assert.equal(code, 3, JSON.stringify(value))
})

test('a source of the configuration is known by its name; a misspelt one is not taken for a folder', async t => {
  const folder = join('somewhere', 'models')
  const settings = loadConfig(settingsSchema, {
    env: {},
    sets: [`release.sources=${JSON.stringify([{ name: 'desk', place: folder }])}`],
  })
  const { run } = await world(t, { ports: { settings } })
  const named = await run('sync', '--source', 'desk')
  assert.deepEqual([named.code, named.out.includes(folder)], [3, true])
  const misspelt = await run('sync', '--source', 'dekk')
  assert.equal(misspelt.code, 4)
  assert.match(misspelt.err, /SOURCE_UNKNOWN: no release source dekk is configured.*\n.*did you mean desk\?/)
  assert.equal((await run('sync', '--source', 'desk', '--watch', '--dry-run')).code, 2)
})
