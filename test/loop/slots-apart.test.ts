// Replays and what decides by the clock share a state directory and never a slot (DEMO-06).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { bootAlone } from '../../src/loop/boot-alone.ts'
import { listModels } from '../../src/loop/model-catalogue.ts'
import { highWaterFile } from '../../src/release/high-water.ts'
import { paperGates } from '../../src/serving/fixtures/bot.ts'
import { memorySource, NOW, POLICY, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { updateOnce } from '../../src/serving/updater.ts'
import { worldsOfFile } from './ports.ts'
import { importSimulated, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const inWorld = worldsOfFile()

test('a replay begins with an empty slot of its own; what was installed stays in charge, on disk and in the history', async () => {
  const world = await inWorld()
  const { state } = world
  const ports = { ...world.ports, clock: { now: () => NOW } }
  const installation = unwrap(await bootAlone(state, ports))
  const release = tinyRelease({ seed: 1 })
  const installed = await updateOnce({
    source: memorySource(release.files),
    policy: POLICY,
    memory: highWaterFile(ports.disk, statePaths(state.directory).highWater),
    installation,
    gateContext: paperGates(),
  })
  assert.equal(installed.installed, 1)
  const pointer = async (slot: string): Promise<string> => {
    const bytes = await ports.disk.read(statePaths(state.directory).current(slot), 1 << 16)
    return new TextDecoder().decode(bytes)
  }
  const before = await pointer('main')

  const market = await importSimulated(world, simulatedBars({ bars: 120, seed: 3 }))
  await runReplay(world, market, { seed: 7, everyBars: 100, warmupBars: 1000 })

  assert.equal(await pointer('main'), before)
  assert.equal((JSON.parse(await pointer('replay')) as { digest: unknown }).digest, null)
  const [row] = await listModels(state.registry)
  assert.deepEqual([row!.inCharge, row!.inReplay, row!.state], [true, false, 'active'])
  const events = await state.registry.events()
  assert.deepEqual(
    events.map(({ slot, event }) => `${slot} ${event}`),
    ['main activated', 'replay restarted'],
  )
})
