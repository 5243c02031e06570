// The serving room's view of a state directory: where things lie, who acts, and what slot it fills.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { contentStore } from '../release/store.ts'
import type { EvaluatorHosts } from '../serving/evaluator-hosts.ts'
import type { Installation, InstallStep } from '../serving/installation.ts'
import { writerLock } from '../serving/lock.ts'
import { statePaths } from '../serving/paths.ts'
import type { ModelSlot } from '../serving/slot.ts'
import type { BuildFacts, Ports, State } from './ports.ts'
import { imagedRegistry, registryFilesOf } from './registry-files.ts'
import type { RunMeter } from './run-reading.ts'

export type InstallationRequest = {
  readonly state: Pick<State, 'directory' | 'registry'> & Partial<Pick<State, 'parameterChanges'>>
  readonly ports: Pick<Ports, 'disk' | 'log' | 'settings' | 'host'> &
    Partial<Pick<Ports, 'timer' | 'meter'>> & {
      readonly facts: Pick<BuildFacts, 'codeVersion'>
    }
  readonly slot: ModelSlot
  /** The clock of the run: replayed or real. */
  readonly clock: Clock
  /** Asked of each stored release before it is used; a place whose keys never change asks nobody. */
  readonly stillWanted?: Installation['stillWanted']
  /** Tries candidates in a process of its own; a replay has none, since a measured time is never the same twice. */
  readonly probe?: Installation['probe']
  /** Runs what is too large for this thread; a replay has none, since a deadline is never the same twice. */
  readonly hosts?: EvaluatorHosts | undefined
  /** Asked for room before a release is fetched; a replay brings its releases from the same disk. */
  readonly reserve?: Installation['reserve']
  /** Who is recorded as acting: `replay`, `sync`, `cli`. */
  readonly actor: string
}

export function installationOf(request: InstallationRequest): Installation {
  const { state, ports, slot, clock, actor, stillWanted, probe, hosts, reserve } = request
  const { disk, log, settings, facts, host, timer, meter } = ports
  const paths = statePaths(state.directory)
  return {
    disk,
    paths,
    store: contentStore(disk, paths.store),
    registry: imagedRegistry(state.registry, registryFilesOf(state.directory, ports, clock)),
    slot,
    lock: writerLock(disk, paths.lock, host),
    clock,
    timer,
    log,
    stamp: { actor, configSha256: sha256(canonicalJson(settings)), codeVersion: facts.codeVersion },
    stillWanted,
    probe,
    reserve,
    evaluators: hosts && { engine: settings.serving.engine, hosts },
    maxResidentSets: settings.serving.maxResidentSets,
    backupsKept: settings.serving.backups.keep,
    autoPromote: settings.promotion.auto,
    parameterChanges: state.parameterChanges,
    onStep: meter && swapTimer(meter),
  }
}

/** From the pointer on this disk (s10) to the set in charge (s15). */
function swapTimer(meter: RunMeter): (step: InstallStep) => void {
  let began: number | undefined
  return step => {
    if (step === 's10') began = meter.now()
    if (step !== 's15' || began === undefined) return
    meter.note('swapSeconds', (meter.now() - began) / 1000)
    began = undefined
  }
}
