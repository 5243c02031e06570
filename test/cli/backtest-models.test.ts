// Models that decide in a backtest: those of a release, those in charge here, and each while it was (BT-01, BT-06).

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SAMPLE, world } from './host.ts'

type Told = {
  readonly models: string
  readonly benchmarks: { readonly incumbent: { readonly trades: number } | null }
  readonly against: readonly { readonly name: string }[]
  readonly trades: readonly { readonly releaseId: string }[]
  readonly equity: readonly number[]
}

test('a release stands beside the set in charge; the brain is that set, now or while it was', async context => {
  const { run, json, directory } = await world(context)
  const bars = join(directory, 'bars.csv')
  writeFileSync(bars, readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 3001).join('\n'))
  const line = ['backtest', '--bars', bars, '--symbol', 'SPX', '--monte-carlo', '10', '--from', '2010-01-01']
  const made: string[] = []
  for (const seed of [3, 4]) {
    const out = join(directory, `release-${seed}`)
    made.push(out)
    assert.equal((await run('train', '--bars', bars, '--symbol', 'SPX', '--seed', `${seed}`, '--out', out)).code, 0)
  }
  const [installed, candidate] = made as [string, string]
  const told = async (...options: string[]) => (await json(...line, ...options)).value as unknown as Told
  const before = await told('--release', candidate)
  assert.equal(before.benchmarks.incumbent, null)

  assert.equal((await run('sync', '--source', installed)).code, 0)
  const brain = await told('--brain')
  assert.deepEqual(new Set(brain.trades.map(({ releaseId }) => releaseId)), new Set([brain.models]))
  assert.equal(brain.benchmarks.incumbent, null, 'it would replace nothing but itself')

  const beside = await told('--release', candidate)
  assert.deepEqual(beside.equity, before.equity)
  assert.equal(beside.benchmarks.incumbent!.trades, brain.trades.length)
  assert.ok(beside.against.some(({ name }) => name === 'the release in charge'))
  const { out } = await run(...line, '--release', candidate)
  assert.match(out, /release in charge +[+-]\d/)
  assert.match(out, /the release in charge was made with \d+ of the \d+ bars/)

  // It came into charge today, long after the last bar: until then the rules were.
  const history = await told('--brain', 'history')
  const rules = await told()
  assert.deepEqual(history.equity, rules.equity)
  assert.match(history.models, /^1 releases?, each while it was in charge$/)
})
