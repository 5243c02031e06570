import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { KEY, NOW, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { SAMPLE, world } from './host.ts'

const LINE = ['backtest', '--bars', SAMPLE, '--symbol', 'SPX', '--runs', '50'] as const

test('the first line says what was beaten; figures stand beside doing nothing, the market and chance', async context => {
  const { run } = await world(context)
  const { code, out } = await run(...LINE)
  assert.equal(code, 0)
  assert.match(
    out,
    /^Beats .*buy and hold.*: [+-]\d+\.\d % on \d+ trades\.\nSPX, 5103 bars, 2000-01-03 to 2020-04-17, models baseline/,
  )
  for (const wanted of [
    /Sharpe +-?\d+\.\d\d +95 % /,
    /buy and hold +\+109\.\d % +drawdown 56\.\d %/,
    /staying flat/,
    /50 did worse/,
  ]) {
    assert.match(out, wanted)
  }
  assert.match(out, /fingerprint [0-9a-f]{64}\n$/)
})

test('--json gives the whole report, and the same seed the same fingerprint', async context => {
  const { json } = await world(context)
  const first = await json(...LINE, '--seed', '1')
  const again = await json(...LINE, '--seed', '1', '--capital', '100000')
  const { value } = first
  assert.equal(first.code, 0)
  assert.equal(value['schema'], 'ratchet.backtest/1')
  assert.equal((value['equity'] as readonly number[]).length, 5103)
  assert.equal(value['inSample'], null)
  assert.deepEqual(again.value, value)
})

test('thin evidence is said in words, not in numbers', async context => {
  const { run } = await world(context)
  const { out } = await run(...LINE, '--capital', '1000')
  assert.match(out, /Sharpe +N\/A: 0 trades, 30 are needed\n/)
  assert.match(out, /random entries +N\/A: no trade to compare/)
})

test('a release that cannot be believed, or that reads other columns, is not run', async context => {
  const { run, ports, directory } = await world(context, {
    environment: { MANIFEST_HMAC_KEY: 'a key for tests that nobody else has, 1' },
    clock: { now: () => NOW + 365 * 86_400_000 },
  })
  const stranger = join(directory, 'stranger')
  await writeReleaseDirectory(ports.disk, stranger, tinyRelease({ seed: 1 }).files)
  const unbelieved = await run(...LINE, '--release', stranger)
  assert.equal(unbelieved.code, 1)
  assert.match(unbelieved.err, /SIGNATURE_INVALID/)
  const other = join(directory, 'other')
  const keys = [{ ...KEY, keyid: 'hmac:manifest:1' }]
  await writeReleaseDirectory(ports.disk, other, tinyRelease({ seed: 1, over: { keys } }).files)
  const columns = await run(...LINE, '--release', other)
  assert.equal(columns.code, 1)
  assert.match(columns.err, /^FEATURE_MISMATCH: the models read other columns/)
})

test('missing and contradictory options are usage errors', async context => {
  const { run } = await world(context)
  for (const line of [
    ['backtest'],
    [...LINE, '--strategy', 'baseline', '--release', 'x'],
    [...LINE, '--strategy', 'magic'],
    [...LINE, '--capital', '12'],
    [...LINE, '--runs', '0'],
  ]) {
    const { code, out, err } = await run(...line)
    assert.equal(code, 2, line.join(' '))
    assert.equal(out, '')
    assert.match(err, /^error: /)
  }
})
