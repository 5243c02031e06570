// `ratchet up --clock` as a person uses it: a process on a clock that runs 600 times as fast, with real signals. Seed of the series 1.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { simulatedBars, writeBars } from '../loop/simulated.ts'
import { world } from './host.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'ratchet-clock-'))
after(() => rm(folder, { recursive: true, force: true }))
const file = join(folder, 'bars.csv')
writeBars(file, simulatedBars({ bars: 1200, seed: 1 }))
const state = join(folder, 'state')

type Line = Readonly<Record<string, unknown>>

/** Starts the loop, waits for an event, sends the signal, and gives what was said and how long the end took. */
async function runUntil(signal: NodeJS.Signals, wanted: (line: Line) => boolean, ...more: readonly string[]) {
  const args = [APP, 'up', '--clock', '--symbol', 'SIM', '--headless', '--speed', '600', '--json', '--state', state]
  const child: ChildProcess = spawn(process.execPath, [...args, ...more], {
    cwd: folder,
    // Made-up bars are of long ago.
    env: { PATH: process.env['PATH'], RATCHET__DATA__MAXAGESECONDS__FILE: '1e10' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const err = text(child.stderr!)
  const closed = once(child, 'close')
  const lines: Line[] = []
  let told = 0
  for await (const said of createInterface({ input: child.stdout! })) {
    const line = JSON.parse(said) as Line
    lines.push(line)
    if (told > 0 || !wanted(line)) continue
    told = Date.now()
    child.kill(signal)
  }
  const [code] = (await closed) as [number | null]
  return { code, lines, err: await err, tookMs: Date.now() - told }
}

const of = (lines: readonly Line[], type: string) => lines.filter(line => line['type'] === type)

async function recorded() {
  const database = await openDatabase(`${state}/ratchet.db`)
  const runs = await database.selectFrom('runs').selectAll().execute()
  const trainings = await database.selectFrom('training_runs').selectAll().execute()
  const events = await database.selectFrom('events_outbox').selectAll().orderBy('seq').execute()
  await database.destroy()
  return { runs, trainings, topics: events.map(({ topic }) => topic) }
}

test('Ctrl-C in the middle of a training drains and ends with 130 within 10 s, and leaves no half of it', async () => {
  const bars = ['--bars', file, '--calendar', '24x7', '--simulated']
  const { code, lines, err, tookMs } = await runUntil('SIGINT', ({ type }) => type === 'trainingStarted', ...bars)
  assert.equal(code, 130, err)
  assert.ok(tookMs < 10_000, `${tookMs} ms`)
  assert.match(err, /^draining: /m)
  assert.doesNotMatch(err, /^\s+at .*:\d+/m)
  const { error } = lines.at(-1) as { error?: { code: string } }
  assert.equal(error?.code, 'INTERRUPTED')
  const { runs, trainings, topics } = await recorded()
  assert.deepEqual(
    runs.map(({ run_id, state: ended, channel }) => [run_id, ended, channel]),
    [['clock-stable-SIM', 'interrupted', 'stable']],
  )
  assert.deepEqual(trainings, [])
  assert.deepEqual(topics, ['run', 'training', 'run'])
})

test('started again on what is stored it trains, publishes and installs, and SIGTERM ends it with 0', async () => {
  const { code, lines, err, tookMs } = await runUntil('SIGTERM', ({ installed }) => installed === 1)
  assert.equal(code, 0, err)
  assert.ok(tookMs < 10_000, `${tookMs} ms`)
  const [published] = of(lines, 'published')
  const { runs, trainings, topics } = await recorded()
  assert.deepEqual([runs.length, runs[0]!.state], [1, 'interrupted'])
  const [training] = trainings.filter(({ status }) => status === 'released')
  assert.deepEqual([training?.release_id, training?.run_id], [published?.['releaseId'], 'clock-stable-SIM'])
  for (const topic of ['training', 'published', 'judged', 'swap']) assert.ok(topics.includes(topic), topic)
})

test('the next start has it in charge, finds nothing new and signs on for it', async () => {
  const { code, lines, err } = await runUntil('SIGINT', ({ type }) => type === 'signedOn')
  assert.equal(code, 130, err)
  assert.match(err, /in charge: \d{8}_\d{6}_1$/m)
  assert.deepEqual(of(lines, 'trainingStarted'), [])
  assert.equal(of(lines, 'trainingEnded')[0]?.['reason'], 'skipped: nothing new')
})

test('what makes no sense with a clock is a usage error that says what to do, before anything is opened', async context => {
  const { run } = await world(context)
  for (const [args, place] of [
    [['--clock'], '--symbol'],
    [['--clock', '--symbol', 'SIM', '--until-end'], '--until-end'],
    [['--clock', '--symbol', 'SIM', '--restart'], '--restart'],
    [['--clock', '--symbol', 'SIM', '--speed', 'max'], '--speed'],
    [['--clock', '--symbol', 'SIM', '--tz', 'UTC'], '--tz'],
    [['--clock', '--symbol', 'SIM', '--train-every', '63'], '--train-every'],
    [['--clock', '--symbol', 'SIM', '--train-every', '2d'], '--train-every'],
    [['--source', 'https://models.example'], '--source'],
  ] as const) {
    const { code, out, err } = await run('up', ...args, '--headless')
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, new RegExp(`USAGE: .*\\(${place}\\)\\n {2}To do: `), args.join(' '))
  }
  assert.equal((await run('up', '--clock', '--symbol', 'NONE', '--headless')).code, 4)
})
