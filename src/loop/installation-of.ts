// The serving room's view of a state directory: where things lie, who acts, and what slot it fills.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { contentStore } from '../release/store.ts'
import type { Installation } from '../serving/installation.ts'
import { writerLock } from '../serving/lock.ts'
import { statePaths } from '../serving/paths.ts'
import type { ModelSlot } from '../serving/slot.ts'
import type { BuildFacts, Ports, State } from './ports.ts'

export type InstallationRequest = {
  readonly state: Pick<State, 'directory' | 'registry'>
  readonly ports: Pick<Ports, 'disk' | 'log' | 'settings' | 'host'> & {
    readonly facts: Pick<BuildFacts, 'codeVersion'>
  }
  readonly slot: ModelSlot
  /** The clock of the run: replayed or real. */
  readonly clock: Clock
  /** Asked of each stored release before it is used; a place whose keys never change asks nobody. */
  readonly stillWanted?: Installation['stillWanted']
  /** Tries candidates in a process of its own; a replay has none, since a measured time is never the same twice. */
  readonly probe?: Installation['probe']
  /** Who is recorded as acting: `replay`, `sync`, `cli`. */
  readonly actor: string
}

export function installationOf(request: InstallationRequest): Installation {
  const { state, ports, slot, clock, actor, stillWanted, probe } = request
  const { disk, log, settings, facts, host } = ports
  const paths = statePaths(state.directory)
  return {
    disk,
    paths,
    store: contentStore(disk, paths.store),
    registry: state.registry,
    slot,
    lock: writerLock(disk, paths.lock, host),
    clock,
    log,
    stamp: { actor, configSha256: sha256(canonicalJson(settings)), codeVersion: facts.codeVersion },
    stillWanted,
    probe,
    backupsKept: settings.serving.backups.keep,
    autoPromote: settings.promotion.auto,
  }
}
