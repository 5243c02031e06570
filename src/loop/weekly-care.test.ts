import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { bot } from '../serving/fixtures/bot.ts'
import { memoryDisk } from '../serving/fixtures/memory-disk.ts'
import { memorySource, NOW, tinyRelease } from '../serving/fixtures/release.ts'
import type { Ports, State } from './ports.ts'
import { listReports } from './reports/save.ts'
import { settingsSchema } from './settings.ts'
import { careOnce, weeklyCare } from './weekly-care.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

async function world(settings: object = {}) {
  const disk = memoryDisk()
  const time = virtualTime(NOW)
  const made = await bot({ disk, clock: time.clock })
  assert.equal((await made.sync(memorySource(tinyRelease({ seed: 1 }).files))).installed, 1)
  const lines: string[] = []
  let ticks = 0
  const ports = {
    disk,
    clock: time.clock,
    stopwatch: { now: () => ticks++ },
    timer: { sleep: () => new Promise<void>(resolve => setImmediate(resolve)) },
    log: { write: (level: string, event: string, text: string) => lines.push(`${level} ${event} ${text}`) },
    entropy: (count: number) => new Uint8Array(count).fill(7),
    settings: settingsSchema.parse(settings),
    facts: { codeVersion: '0.1.0', lockfileSha256: '0'.repeat(64), platform: 'test' },
  } as unknown as Ports
  const pruned: (string | undefined)[] = []
  const runLog = { prune: async (_: number, live?: string) => pruned.push(live) }
  const state = { directory: 'bot', registry: made.registry, runLog } as unknown as State
  const over = new AbortController()
  const care = { time, installation: made.installation, state, ports, runId: 'clock', signal: over.signal }
  const drills = async () => (await listReports('bot/reports', disk)).filter(({ kind }) => kind === 'drill').length
  return {
    care,
    time,
    disk,
    over,
    lines,
    pruned,
    scrubs: () => made.lines.filter(line => line.includes('store.scrub')).length,
    drills,
  }
}

test('scrub and drills are done at the first look, and again when a week is over, not before', async () => {
  const { care, time, scrubs, drills } = await world()
  await careOnce(care)
  assert.deepEqual([scrubs(), await drills()], [1, 1])
  await time.advance(7 * DAY - HOUR)
  await careOnce(care)
  assert.deepEqual([scrubs(), await drills()], [1, 1])
  await time.advance(HOUR)
  await careOnce(care)
  assert.deepEqual([scrubs(), await drills()], [2, 2])
})

test('drills can be switched off; the scrub stays', async () => {
  const { care, scrubs, drills } = await world({ drills: { weekly: false } })
  await careOnce(care)
  assert.deepEqual([scrubs(), await drills()], [1, 0])
})

test('without a release in charge nothing is rehearsed, and that is no trouble', async () => {
  const { care, disk, lines, drills } = await world()
  await disk.remove('bot/state/CURRENT')
  await careOnce(care)
  assert.equal(await drills(), 0)
  assert.ok(
    lines.some(line => /^info care .*nothing to rehearse on/.test(line)),
    lines.join('\n'),
  )
})

test('the first look is an hour after the start, and stopping ends it', async () => {
  const { care, time, over, scrubs } = await world({ drills: { weekly: false } })
  const running = weeklyCare(care)
  await time.advance(HOUR - 1)
  assert.equal(scrubs(), 0)
  await time.advance(1)
  while (scrubs() === 0) await new Promise(resolve => setImmediate(resolve))
  over.abort(new Error('stopped'))
  await assert.rejects(running, /stopped/)
})

test('each look forgets old events of the run that goes on, and its failure keeps nothing else from being done', async () => {
  const { care, pruned, lines, scrubs } = await world()
  await careOnce(care)
  assert.deepEqual(pruned, ['clock'])
  const failing = { ...care.state, runLog: { prune: () => Promise.reject(new Error('no room')) } } as unknown as State
  const troubles: string[] = []
  await careOnce({ ...care, state: failing, onTrouble: sentence => troubles.push(sentence) })
  assert.equal(troubles.length, 1)
  assert.ok(lines.some(line => line.startsWith('warn care old events could not be forgotten')))
  assert.equal(scrubs(), 1)
})
