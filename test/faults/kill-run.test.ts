// A replay in a process of its own is stopped again and again, politely and not, and each start goes on: the last one ends with the
// event hash of a run that nobody stopped.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { seededRng } from '../../src/base/rng.ts'

const STOPS = process.env.RATCHET_LONG === '1' ? 20 : 4
const SEED = 20
const BARS = 1100

const program = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const sample = new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url)
const root = mkdtempSync(join(tmpdir(), 'ratchet-kill-run-'))
after(() => rmSync(root, { recursive: true, force: true }))
const file = join(root, 'bars.csv')
writeFileSync(
  file,
  readFileSync(sample, 'utf8')
    .split('\n')
    .slice(0, BARS + 1)
    .join('\n'),
)

type Ended = {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** Starts the run on a state directory; `stop` sends a signal once the first bar was told and some time has passed. */
async function start(
  state: string,
  stop?: { readonly signal: NodeJS.Signals; readonly afterMs: number },
): Promise<Ended> {
  const args = [
    'up',
    '--bars',
    file,
    '--symbol',
    'SPX',
    '--train-every',
    '63',
    '--seed',
    '7',
    '--headless',
    '--until-end',
    '--json',
  ]
  const child = spawn(process.execPath, [program, ...args, '--state', state], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  const begun = Promise.withResolvers<void>()
  child.stdout.setEncoding('utf8').on('data', text => (out += text))
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text
    begun.resolve()
  })
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (code, signal) => {
      begun.resolve()
      resolve({ code, signal, out, err })
    })
  })
  if (stop !== undefined) {
    await begun.promise
    await sleep(stop.afterMs)
    child.kill(stop.signal)
  }
  return ended
}

test(`a run that is stopped ${STOPS} times, half of them by kill -9, ends as one that never was`, async t => {
  const startedAt = performance.now()
  const unbroken = await start(join(root, 'unbroken'))
  const spanMs = performance.now() - startedAt
  assert.equal(unbroken.code, 0, unbroken.err)
  const state = join(root, 'broken')
  const rng = seededRng(SEED)
  const codes: (number | string | null)[] = []
  // Each start makes some way, so that the moments lie all over the run.
  while (codes.length < STOPS) {
    const signal = codes.length % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
    const afterMs = rng.next() * Math.max(400, (spanMs * 2) / STOPS)
    const ended = await start(state, { signal, afterMs })
    assert.notEqual(ended.code, 0, 'the run ended before it was stopped')
    codes.push(ended.signal ?? ended.code)
  }
  for (const [index, code] of codes.entries()) assert.equal(code, index % 2 === 0 ? 'SIGKILL' : 130)
  const last = await start(state)
  assert.equal(last.code, 0, last.err)
  assert.deepEqual(JSON.parse(last.out), JSON.parse(unbroken.out))
  const database = new DatabaseSync(join(state, 'ratchet.db'), { readOnly: true })
  const runs = database.prepare('select count(*) as n from runs').get()
  database.close()
  assert.equal(runs?.['n'], 1)
  const { eventHash } = JSON.parse(last.out) as { eventHash: string }
  t.diagnostic(`${STOPS} stops (seed ${SEED}), event hash ${eventHash.slice(0, 16)}`)
})
