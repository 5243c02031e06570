// `ratchet train` as a person uses it: looked at first, switched off and overruled, cut short, and held against the release in charge.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SAMPLE, world } from './host.ts'

const KEY = { environment: { MANIFEST_HMAC_KEY: 'a key for tests that nobody else has, 4' } }

type Roles = Readonly<Record<string, { readonly baselines: Readonly<Record<string, unknown>> }>>

/** Seven years of the sample: enough for paper, and quick. */
function shortSample(directory: string): string {
  const file = join(directory, 'bars.csv')
  writeFileSync(file, readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 1_800).join('\n'))
  return file
}

test('a dry run checks data, labels, splits and floors, and trains nothing', async context => {
  const { directory, json, run, ports, state } = await world(context, KEY)
  const bars = ['--bars', shortSample(directory), '--symbol', 'SPX'] as const
  const { code, value } = await json('train', ...bars, '--dry-run')
  assert.equal(code, 0, JSON.stringify(value))
  const { fit, holdout, events, folds, thin, skipped } = value as Record<string, number>
  assert.ok(fit! > 0 && holdout! > 0 && fit! + holdout! <= events!)
  assert.equal((folds as unknown as readonly unknown[]).length, 5)
  assert.deepEqual([thin, skipped], [true, null])
  assert.match((await run('train', '--data', '--symbol', 'SPX', '--dry-run')).out, /nothing was trained$/m)
  const opened = await ports.openState(state)
  assert.deepEqual(await opened.journal.trainings(), [])
  await opened.close()
  assert.match((await run('train', ...bars)).err, /^USAGE: a folder for the release/)
  assert.match((await run('train', '--data', '--symbol', 'ES', '--dry-run')).err, /^DATA_NONE_STORED: no bars of ES/)
  assert.match((await run('train', ...bars, '--data', '--dry-run')).err, /^USAGE: what to learn from/)
})

test('several stored symbols are trained one after the other, each in a folder of its own', async context => {
  const { directory, json, run } = await world(context, KEY)
  const bars = shortSample(directory)
  for (const symbol of ['ONE', 'TWO']) assert.equal((await run('data', 'import', bars, '--symbol', symbol)).code, 0)
  const both = ['train', '--data', '--symbols', 'ONE,TWO'] as const
  const looked = await json(...both, '--dry-run')
  const symbolsOf = ({ value }: typeof looked) =>
    (value['trainings'] as readonly { symbol?: string; out?: string }[]).map(one => one.symbol ?? one.out)
  assert.deepEqual(symbolsOf(looked), ['ONE', 'TWO'])
  const out = join(directory, 'releases')
  assert.deepEqual(symbolsOf(await json(...both, '--out', out)), [join(out, 'ONE'), join(out, 'TWO')])
  assert.ok(existsSync(join(out, 'TWO', 'manifest.json')))
  assert.match((await run('train', '--bars', bars, '--symbols', 'ONE,TWO', '--dry-run')).err, /^USAGE: several symbols/)
})

test('switched off it trains only by force, and both are kept in the record', async context => {
  const switches = { present: (path: string) => path.endsWith('/SKIP_TRAINING') }
  const { directory, json, run, ports, state } = await world(context, { ...KEY, ports: switches })
  const out = join(directory, 'release')
  const line = ['train', '--bars', shortSample(directory), '--symbol', 'SPX', '--out', out] as const
  const refused = await run(...line)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /^TRAIN_SKIPPED: skipped: .*SKIP_TRAINING exists/)
  assert.equal(existsSync(out), false)
  const { code, value } = await json(...line, '--force')
  assert.equal(code, 0, JSON.stringify(value))
  assert.match(String(value['overruled']), /SKIP_TRAINING exists/)
  const opened = await ports.openState(state)
  const rows = await opened.journal.trainings()
  await opened.close()
  assert.deepEqual(rows.map(({ status }) => status).toSorted(), ['released', 'skipped'])
  const released = rows.find(({ status }) => status === 'released')!
  assert.match((JSON.parse(released.report) as { overruled: string }).overruled, /SKIP_TRAINING exists/)
})

test('over its budget it is cancelled and writes no release', async context => {
  const { directory, run } = await world(context, {
    ...KEY,
    ports: { timer: { sleep: () => Promise.resolve() } },
  })
  const out = join(directory, 'release')
  const line = ['train', '--bars', shortSample(directory), '--symbol', 'SPX', '--out', out, '--budget', '1s']
  const { code, err } = await run(...line)
  assert.notEqual(code, 0)
  assert.match(err, /^TRAIN_DEADLINE: training took longer/)
  assert.equal(existsSync(out), false)
})

test('it is held against the release in charge, unless another one or none is named', async context => {
  const { directory, json, run } = await world(context, KEY)
  const first = join(directory, 'first')
  const trained = await json('train', '--bars', shortSample(directory), '--symbol', 'SPX', '--out', first)
  assert.equal(trained.value['champion'], null)
  assert.equal((await run('sync', '--source', first)).code, 0)
  const again = async (name: string, ...words: readonly string[]) => {
    const out = join(directory, name)
    const line = ['train', '--data', '--symbol', 'SPX', '--seed', '5', '--out', out, ...words]
    const { value } = await json(...line)
    const { roles } = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8')) as { roles: Roles }
    return { value, rivals: Object.values(roles).map(({ baselines }) => 'lastModel' in baselines) }
  }
  const beside = await again('beside')
  assert.equal(beside.value['champion'], trained.value['manifestSha256'])
  assert.deepEqual(beside.rivals, [true, true, true])
  const alone = await again('alone', '--champion', 'none')
  assert.deepEqual([alone.value['champion'], alone.rivals], [null, [false, false, false]])
  const past = ['train', '--data', '--symbol', 'SPX', '--as-of', '2004-01-01', '--dry-run']
  assert.equal((await run(...past)).code, 0)
  const unfit = await run(...past.slice(0, -1), '--champion', '1', '--out', join(directory, 'past'))
  assert.match(unfit.err, /^CHAMPION_UNFIT: .*learned from what came later/)
})
