// Whether a person or the configuration keeps something from training now (SCHED-02).

import { mayTrain, type SkipAnswer } from '../training/skip.ts'
import type { Ports, State } from './ports.ts'

type Where = Pick<State, 'directory'>

/** The switches alone; what is new is the question of whoever trains again and again. @param rows labelled so far, where that tells */
async function askedSwitches(state: Where, ports: Ports, { rows = 0, force = false }): Promise<SkipAnswer> {
  const { enabled, skipFile } = ports.settings.training
  const directories = [state.directory, `${state.directory}/data`, ports.workingDirectory]
  const now = { snapshotId: String(rows), configHash: '', codeVersion: ports.facts.codeVersion }
  const question = { enabled, environment: ports.environment, directories, skipFile, now, force }
  return mayTrain(question, async path => ports.present(path))
}

/** @param rows labelled so far: a replay's configuration and data are fixed, and rows have grown whenever a cycle is due */
export async function skipReason(rows: number, state: Where, ports: Ports): Promise<string | undefined> {
  const answer = await askedSwitches(state, ports, { rows })
  return answer.train ? undefined : answer.reason
}

/** For a training that a person asks for: `force` sets the switches aside, and what was overruled is to be kept in the record. */
export const mayTrainByHand = (force: boolean, state: Where, ports: Ports): Promise<SkipAnswer> =>
  askedSwitches(state, ports, { force })
