// A person closes what is open between two bars; a run that goes on where it stopped does it again. No model is trained here. Seed of the
// series 2, of the runs 1.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Commanded, commandedReplay, type Script } from './commanded.ts'
import { openWorld, type World } from './ports.ts'
import { decisionsOf } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 900, seed: 2 })
const reason = 'the test wants it'

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})

async function ran(script: Script, stops: readonly number[] = []): Promise<Commanded> {
  const world = await openWorld()
  worlds.push(world)
  writeFileSync(join(world.state.directory, 'SKIP_TRAINING'), '')
  const request = { seed: 1, everyBars: 200, warmupBars: 250 }
  return commandedReplay(world, { bars: BARS, request, script, stops })
}

const free = await ran([])
const positions = new Map((await decisionsOf(free.world, 'replay-1')).map(({ bar, position }) => [bar, position]))
/** Watchers are told after every ninth bar: one after which a position stays open. */
const at = BARS.findIndex(
  (_, bar) => bar > 300 && bar % 9 === 0 && [0, 1, 2].every(i => (positions.get(bar + i) ?? 0) !== 0),
)

test('what is open is closed at the next open, trading goes on, and a flat book has nothing to close', async () => {
  assert.ok(at > 0)
  const script: Script = [
    [at + 1, { type: 'flatten', reason }],
    [at + 10, { type: 'flatten', reason }],
  ]
  const made = await ran(script)
  assert.equal(made.answers[0], 'flatten ok')
  const decisions = await decisionsOf(made.world, 'replay-1')
  assert.equal(decisions.find(({ bar }) => bar === at)?.position, positions.get(at))
  assert.equal(decisions.find(({ bar }) => bar === at + 1)?.position, 0)
  assert.ok(decisions.some(({ bar, outcome }) => bar > at && outcome === 'enter'))
  const trades = await made.world.state.records.trades({ runId: 'replay-1', limit: 1000, newestFirst: false })
  assert.equal(
    trades.filter(({ exitReason }) => exitReason === 'flatten').length,
    made.answers[1] === 'flatten ok' ? 2 : 1,
  )
  if (made.answers[1] !== 'flatten ok') assert.equal(made.answers[1], 'flatten FLAT')

  const cut = await ran(script, [at + 100])
  assert.equal(cut.summary.eventHash, made.summary.eventHash)
})
