// How much memory an import takes, in the long set: a file of a size that would not fit is read with little.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { seededRng } from '../../src/base/rng.ts'
import { world } from './host.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const MINUTE = 60_000
const ROWS = 1_500_000
/** Rows of the file alone would take more than twice as much. */
const HEAP_MB = 160

test('a file of 1.5 million rows is imported with a heap of 160 MB', {
  skip: process.env['RATCHET_LONG'] === undefined && 'takes minutes: set RATCHET_LONG=1',
}, async context => {
  const { directory, state, json } = await world(context)
  const file = join(directory, 'minutes.csv')
  const stream = createWriteStream(file)
  const rng = seededRng('minutes')
  const start = Date.parse('2021-01-01T00:00:00Z')
  let close = 100
  stream.write('time,open,high,low,close,volume\n')
  for (let i = 0; i < ROWS; i++) {
    close *= 1 + (rng.next() - 0.5) * 0.001
    const line = `${start + i * MINUTE},${close},${close + 1},${close - 1},${close},5\n`
    if (!stream.write(line)) await new Promise<void>(resume => stream.once('drain', () => resume()))
  }
  await new Promise<void>(end => stream.end(() => end()))
  const words = ['data', 'import', file, '--symbol', 'COIN', '--calendar', '24x7', '--state', state]
  const { status, stderr } = spawnSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, APP, ...words], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  const [series] = (await json('data', 'list')).value['series'] as readonly { readonly rows: number }[]
  assert.equal(series?.rows, ROWS)
})
