// `ratchet train` and `ratchet sync` as a person uses them: install, up to date, and every damaged file refused by code and name.

import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
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
