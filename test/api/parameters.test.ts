// Changes of strategy parameters by the API: the newest, of a strategy, inside a window.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ParameterChangeView } from '../../src/loop/views/parameter-view.ts'
import { type ApiWorld, HOST, openApiWorld } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
  const change = { parameterName: 'lookback', oldValue: 20, newValue: 30, reason: 'tuned' }
  await world.world.state.parameterChanges.add([
    { ...change, at: 100, strategyName: 'Breakout' },
    { ...change, at: 200, strategyName: 'EmaCross', wasCorrect: false, outcomePnl: -40 },
    { ...change, at: 300, strategyName: 'breakout' },
  ])
})
after(() => world.close())

const ask = async (query: string) => world.api.inject({ url: `/api/parameters/changes${query}`, headers: HOST })
const times = async (query: string) =>
  (await ask(query)).json<{ items: ParameterChangeView[] }>().items.map(({ at }) => at)

test('the newest first, those of a strategy in any case of letters, and those of a window', async () => {
  assert.deepEqual(await times(''), [300, 200, 100])
  assert.deepEqual(await times('?limit=1'), [300])
  assert.deepEqual(await times('?strategy=BREAKOUT'), [300, 100])
  assert.deepEqual(await times('?from=100&to=300'), [100, 200])
  assert.deepEqual(await times('?from=150'), [200, 300])
  assert.deepEqual(await times('?from=100&to=300&strategy=emacross'), [200])
  assert.deepEqual(await times('?strategy=none'), [])
})

test('what is not known of a change is null', async () => {
  const { items } = (await ask('?from=100&to=201')).json<{ items: ParameterChangeView[] }>()
  assert.deepEqual(
    items.map(({ outcomePnl, wasCorrect, marketSnapshotId }) => [outcomePnl, wasCorrect, marketSnapshotId]),
    [
      [null, null, null],
      [-40, false, null],
    ],
  )
})

test('a query that is not understood is refused', async () => {
  for (const query of ['?limit=0', '?from=yesterday', '?name=x']) {
    assert.equal((await ask(query)).statusCode, 400, query)
  }
})
