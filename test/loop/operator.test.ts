// What a person says of releases and entries while a replay runs, and the same again when the run is stopped and goes on. Seed of the
// series 3, of the runs 7.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { verifyHistory } from '../../src/serving/history.ts'
import { type Commanded, commandedReplay, type Script } from './commanded.ts'
import { openWorld, type World } from './ports.ts'
import { decisionsOf } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1250, seed: 3 })
const REQUEST = { seed: 7, everyBars: 200, warmupBars: 800 } as const
const reason = 'the test wants it'

/** What is asked after which bar. */
const SCRIPT: Script = [
  [810, { type: 'pauseEntries', reason }],
  [815, { type: 'pauseEntries', reason }],
  [870, { type: 'resumeTrading', reason }],
  [875, { type: 'resumeTrading', reason }],
  [880, { type: 'promote', release: '1', reason }],
  [900, { type: 'pin', release: '1', reason }],
  [910, { type: 'block', release: 'nothing-of-that-name', reason }],
  [1050, { type: 'unpin', release: '1', reason }],
  [1100, { type: 'rollback', reason }],
  [1150, { type: 'block', release: '1', reason }],
  [1160, { type: 'promote', release: '1', reason }],
]

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})

async function ran(stops: readonly number[]): Promise<Commanded> {
  const world = await openWorld({ promotion: { auto: false } })
  worlds.push(world)
  return commandedReplay(world, { bars: BARS, request: REQUEST, script: SCRIPT, stops })
}

const straight = await ran([])

test('each command is obeyed or refused by its code, and none ends the run', () => {
  assert.deepEqual(straight.answers, [
    'pauseEntries ok',
    'pauseEntries ALREADY_PAUSED',
    'resumeTrading ok',
    'resumeTrading NOT_HALTED',
    'promote ok',
    'pin ok',
    'block RELEASE_UNKNOWN',
    'unpin ok',
    'rollback ok',
    'block ok',
    'promote RELEASE_BLOCKED',
  ])
})

test('while entries are paused none is made, each decision says why, and whoever watches knows it', async () => {
  const decisions = await decisionsOf(straight.world, 'replay-1')
  const paused = decisions.filter(({ reasons }) => reasons.some(({ code }) => code === 'ENTRIES_PAUSED'))
  assert.ok(paused.length > 0)
  const bars = paused.map(({ bar }) => bar)
  assert.ok(Math.min(...bars) >= 810 && Math.max(...bars) < 880, String(bars))
  const entered = decisions.filter(({ bar, outcome }) => outcome === 'enter' && bar > 816 && bar < 870)
  assert.equal(entered.length, 0)
  assert.ok(straight.lives.some(({ entriesPaused }) => entriesPaused === reason))
  assert.equal(straight.lives.at(-1)?.entriesPaused, undefined)
})

test('what passed waits, the one that a person promotes decides, and a pinned slot looks at nothing', async () => {
  const { database, state } = straight.world
  const told = await database.selectFrom('events_outbox').select(['body']).where('topic', '=', 'judged').execute()
  const verdicts = told.map(({ body }) => (JSON.parse(body) as { readonly verdict: string }).verdict)
  assert.deepEqual(verdicts.slice(0, 3), ['waiting', 'installed', 'pinned'])
  const events = await state.registry.events()
  verifyHistory(events)
  const told2 = events.filter(({ actor }) => actor === 'operator').map(({ event, cause }) => [event, cause])
  assert.deepEqual(told2, [
    ['activated', reason],
    ['pinned', reason],
    ['unpinned', reason],
    ['blocked', reason],
  ])
  const decisions = await decisionsOf(straight.world, 'replay-1')
  const [promoted] = await state.registry.releases('replay-1')
  const own = decisions.filter(({ releaseId }) => releaseId === promoted?.releaseId).map(({ bar }) => bar)
  assert.ok(Math.min(...own) >= 880 && Math.max(...own) < 1112, `${Math.min(...own)} to ${Math.max(...own)}`)
})

test('stopped in between, a run meets the same words at the same bars and comes to the same', async () => {
  const broken = await ran([850, 890, 1020, 1120, 1170])
  assert.deepEqual(broken.answers, straight.answers)
  assert.deepEqual(broken.summary, straight.summary)
})
