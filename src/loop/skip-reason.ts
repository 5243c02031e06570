// Whether a person or the configuration keeps a replay from training now (SCHED-02).

import { mayTrain } from '../training/skip.ts'
import type { Ports, State } from './ports.ts'

/** @param rows labelled so far: a replay's configuration and data are fixed, and rows have grown whenever a cycle is due */
export async function skipReason(rows: number, state: State, ports: Ports): Promise<string | undefined> {
  const { enabled, skipFile } = ports.settings.training
  const directories = [state.directory, `${state.directory}/data`, ports.workingDirectory]
  const now = { snapshotId: String(rows), configHash: '', codeVersion: ports.facts.codeVersion }
  const question = { enabled, environment: ports.environment, directories, skipFile, now }
  const answer = await mayTrain(question, async path => ports.present(path))
  return answer.train ? undefined : answer.reason
}
