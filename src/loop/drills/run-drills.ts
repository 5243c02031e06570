// Rehearses faults on copies of an installation, one copy a drill, and scores what came of them (SRV-80).

import { Fault } from '../../base/fault.ts'
import { contentStore } from '../../release/store.ts'
import { statePaths } from '../../serving/paths.ts'
import { gateLimits } from '../limits-of.ts'
import { slotInUse } from '../model-catalogue.ts'
import type { Ports, State } from '../ports.ts'
import type { Drill, DrillOutcome, DrillResult, DrillRun } from './drill.ts'
import { drillsNamed } from './index.ts'
import { lastDrillsFile, lastOf } from './last-drills.ts'
import { drillWorld } from './world.ts'

export type DrillRequest = {
  /** Of one drill, or `all`. */
  readonly name: string
  readonly signal: AbortSignal
  readonly progress?: ((outcome: DrillOutcome) => void) | undefined
}

type DrillState = Pick<State, 'directory' | 'registry'>
type DrillPorts = Pick<Ports, 'disk' | 'clock' | 'stopwatch' | 'timer' | 'entropy' | 'settings' | 'facts'>

export const drillFolder = (stateDirectory: string): string => `${stateDirectory}/drills`

/**
 * The live installation is read and never written, but for what the last rehearsal came to. Faults: `DRILL_UNKNOWN`, `DRILL_EMPTY`, and those of an installation that cannot be read.
 *
 * @example (await runDrills({ name: 'all', signal }, state, ports)).score // 1
 */
export async function runDrills(request: DrillRequest, state: DrillState, ports: DrillPorts): Promise<DrillRun> {
  const { name, signal, progress } = request
  const outcomes: DrillOutcome[] = []
  const folder = drillFolder(state.directory)
  try {
    for (const drill of drillsNamed(name)) {
      signal.throwIfAborted()
      // What an earlier run left when it was ended.
      await ports.disk.remove(folder)
      const { title, expected } = drill
      const outcome = { name: drill.name, title, expected, ...(await rehearse(drill, state, ports)) }
      outcomes.push(outcome)
      progress?.(outcome)
    }
  } finally {
    await ports.disk.remove(folder)
  }
  const count = (verdict: DrillResult['verdict']) => outcomes.filter(one => one.verdict === verdict).length
  const [passed, missed, skipped] = [count('pass'), count('miss'), count('skipped')]
  const score = passed + missed === 0 ? null : passed / (passed + missed)
  const run: DrillRun = { outcomes, passed, missed, skipped, score, at: ports.clock.now() }
  // One drill alone says nothing of the others.
  if (name === 'all') await lastDrillsFile(state.directory, ports.disk).write(lastOf(run))
  return run
}

async function rehearse(drill: Drill, state: DrillState, ports: DrillPorts): Promise<DrillResult> {
  const { disk, clock, stopwatch, timer, entropy, settings, facts } = ports
  const paths = statePaths(state.directory)
  const world = await drillWorld({
    live: {
      disk,
      paths,
      store: contentStore(disk, paths.store),
      registry: state.registry,
      stamp: { actor: 'drill', configSha256: '', codeVersion: facts.codeVersion },
    },
    slot: await slotInUse(state.registry),
    directory: `${drillFolder(state.directory)}/${drill.name}`,
    now: clock.now(),
    stopwatch,
    timer,
    entropy,
    limits: gateLimits(settings),
  })
  try {
    return await drill.run(world)
  } catch (cause) {
    // A drill that breaks has shown that something is not as it must be.
    const text = cause instanceof Fault ? `${cause.code}: ${cause.message}` : String(cause)
    return { verdict: 'miss', observed: `it broke: ${text}`, safeAfterMs: 0 }
  }
}
