import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SAMPLE, world } from './host.ts'

const IMPORT = ['data', 'import', SAMPLE, '--symbol', 'SPX'] as const
const BLOCK = ['data', 'block', 'file', '--reason', 'wrong  prices'] as const

test('a blocked source trains nothing and replays nothing, by any door, until it is unblocked with a reason', async context => {
  const { run, directory } = await world(context)
  await run(...IMPORT)
  assert.match((await run('data', 'list')).out, /SPX .* file +expired/)
  const blocked = await run(...BLOCK)
  assert.equal(blocked.code, 0)
  assert.match(blocked.out, /^file: blocked, nothing is trained on it \(.*, wrong {2}prices\)/)
  assert.match((await run('data', 'list')).out, /SPX .* file +blocked/)
  assert.match((await run('data', 'check')).out, /snapshot [0-9a-f]{12}, blocked/)
  const out = join(directory, 'release')
  for (const args of [
    ['train', '--bars', SAMPLE, '--symbol', 'SPX', '--out', out],
    ['backtest', '--walk-forward', '--bars', SAMPLE, '--symbol', 'SPX'],
    ['up', '--headless', '--bars', SAMPLE, '--symbol', 'SPX'],
    ['up', '--headless'],
    ['up', '--clock', '--headless', '--symbol', 'SPX'],
    ['up', '--clock', '--headless', '--bars', SAMPLE, '--symbol', 'SPX'],
  ]) {
    const { code, err } = await run(...args)
    assert.equal(code, 1, args.join(' '))
    assert.match(
      err,
      /DATA_BLOCKED: data of source file is blocked since .*: wrong {2}prices\n {2}To do: .*data unblock file/,
    )
  }
  await assert.rejects(readdir(out), { code: 'ENOENT' })
  assert.equal((await run('data', 'unblock', 'file', '--reason', 'mended')).code, 0)
  assert.match((await run('data', 'list')).out, /SPX .* file +expired/)
})

test('a block needs a reason, a known source and something to change', async context => {
  const { run } = await world(context)
  for (const [args, code, said] of [
    [['data', 'block', 'file'], 2, /--reason/],
    [['data', 'block', 'file', '--reason', '  '], 2, /DATA_REASON/],
    [['data', 'block', 'flie', '--reason', 'x'], 2, /Allowed choices/],
    [['data', 'unblock', 'file', '--reason', 'x'], 5, /DATA_ALREADY/],
  ] as const) {
    const refused = await run(...args)
    assert.equal(refused.code, code, args.join(' '))
    assert.match(refused.err, said)
  }
  assert.equal((await run(...BLOCK)).code, 0)
  assert.equal((await run(...BLOCK)).code, 5)
})

test('a file is unverified until a check has passed; freshness is by the clock of the session', async context => {
  const now = Date.parse('2020-04-17T21:00:00Z')
  const clock = { at: now, now: () => clock.at }
  const { run } = await world(context, { clock })
  await run(...IMPORT)
  assert.match((await run('data', 'list')).out, / unverified /)
  assert.match((await run('data', 'check')).out, /, verified\n/)
  assert.match((await run('data', 'list')).out, / verified /)
  // The bar of 17 April was known at 20:00 UTC.
  clock.at = Date.parse('2020-04-18T20:00:00.001Z')
  assert.match((await run('data', 'list')).out, / expired /)
})
