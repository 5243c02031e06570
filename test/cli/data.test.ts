import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SAMPLE, world } from './host.ts'

const IMPORT = ['data', 'import', SAMPLE, '--symbol', 'SPX'] as const

type Series = { readonly symbol: string; readonly rows: number; readonly snapshotId: string; readonly verdict?: string }

test('before anything is imported there is nothing to list or check, and that is no error', async context => {
  const { run, json } = await world(context)
  assert.match((await run('data', 'list')).out, /nothing is stored yet/)
  assert.equal((await run('data', 'check')).code, 0)
  assert.deepEqual(await json('data', 'list'), { code: 0, value: { series: [], economic: [] } })
})

test('what was imported is listed with its span and hash, and passes the check', async context => {
  const { run, json } = await world(context)
  const { code, value } = await json(...IMPORT)
  assert.equal(code, 0)
  const [imported] = value['imported'] as readonly { readonly snapshotId: string; readonly stored: number }[]
  const listed = await run('data', 'list')
  assert.match(listed.out, /^symbol {2}bar {2}bars/)
  assert.match(listed.out, /SPX +1d +5103 +2000-01-03 to 2020-04-17 +real/)
  const [series] = (await json('data', 'list')).value['series'] as readonly Series[]
  assert.equal(series!.snapshotId, imported!.snapshotId)
  assert.equal(series!.rows, imported!.stored)
  const checked = await run('data', 'check', '--symbol', 'SPX')
  assert.equal(checked.code, 0)
  // Two spikes of March 2020 were held back.
  assert.match(
    checked.out,
    /^warn {2}SPX 1d, 5103 bars.*\n +warn gap: 2 sessions have no bar, the first of them 2020-03-12/,
  )
})

test('a stored file that changed is found by its hash, named, and makes the check fail', async context => {
  const { run, json, state } = await world(context)
  await run(...IMPORT)
  const folder = join(state, 'data/bars/SPX/86400000')
  const broken = (await readdir(folder)).filter(name => name.endsWith('.parquet')).sort()[7]!
  const bytes = await readFile(join(folder, broken))
  bytes[100]! ^= 1
  await writeFile(join(folder, broken), bytes)
  const { code, out } = await run('data', 'check')
  assert.equal(code, 1)
  assert.match(out, /fail hash: DATA_PARTITION_CORRUPT.*2000-08/)
  assert.match(out, /To do: import or fetch/)
  const found = await json('data', 'check')
  assert.equal(found.value['failed'], 1)
  assert.equal((found.value['series'] as readonly Series[])[0]!.verdict, 'fail')
})

test('a symbol that is not stored is not found, and the nearest is named', async context => {
  const { run } = await world(context)
  await run(...IMPORT)
  const { code, out, err } = await run('data', 'check', '--symbol', 'SPY')
  assert.equal(code, 4)
  assert.equal(out, '')
  assert.match(err, /DATA_NONE_STORED.*\n.*did you mean SPX\?/)
})

test('the features, stances and labels of real bars do not leak, and looking stores nothing', async context => {
  const { run, json, state } = await world(context)
  const look = ['data', 'leak', '--bars', SAMPLE, '--symbol', 'SPX', '--samples', '3', '--seed', '7'] as const
  const { code, out, err } = await run(...look)
  assert.equal(code, 0)
  assert.match(out, /^no leak: .*5103 bars, 3 cuts, seed 7/)
  assert.match(err, /3 of 3 cuts/)
  assert.deepEqual((await json(...look)).value['leaks'], [])
  await assert.rejects(readdir(state), { code: 'ENOENT' })
})

test('a file that is not there, is empty or is no table is unreadable input, named with what to do', async context => {
  const { run, directory } = await world(context)
  const empty = join(directory, 'empty.csv')
  await writeFile(empty, '')
  const noise = join(directory, 'noise.csv')
  await writeFile(noise, Buffer.from([0x50, 0x4b, 0, 0, 0xff, 0xfe]))
  for (const [file, code] of [
    [join(directory, 'absent.csv'), 'FILE_MISSING'],
    [empty, 'DATA_EMPTY'],
    [noise, 'DATA_'],
    [directory, 'FILE_NOT_REGULAR'],
  ] as const) {
    const said = await run('data', 'leak', '--bars', file, '--symbol', 'X')
    assert.equal(said.code, 2, file)
    assert.ok(said.err.startsWith(code), said.err)
    assert.match(said.err, /To do: /)
    assert.ok(said.err.includes(file))
  }
})
