// What a training report is made of, read from the members of a release: of one just built, or of one that is installed here.

import { unwrap } from '../../base/fault.ts'
import type { Evaluation, ParityCertificate } from '../../release/evaluation.ts'
import { memberCap } from '../../release/limits.ts'
import type { ReleaseManifest, ReleaseMembers } from '../../release/release.ts'
import { contentStore } from '../../release/store.ts'
import { type Ancestry, readEvaluation, readLineage, readParity } from '../../serving/evidence.ts'
import { statePaths } from '../../serving/paths.ts'
import type { Ports, State } from '../ports.ts'

export type TrainingEvidence = {
  readonly evaluation: Evaluation
  readonly parity: ParityCertificate
  readonly lineage: Ancestry
}

/** Faults: `EVIDENCE_MISSING`, `EVIDENCE_INVALID`. */
export function evidenceOf(members: ReleaseMembers): TrainingEvidence {
  return {
    evaluation: unwrap(readEvaluation({ members })),
    parity: unwrap(readParity({ members })),
    lineage: unwrap(readLineage({ members })),
  }
}

const DOCUMENTS = ['evaluation.json', 'parity.json', 'lineage.json']

/**
 * The evidence of a release whose files are kept here, every byte re-hashed.
 * Fault `CAS_MISSING` where it was refused, so that its files were not kept.
 */
export async function storedEvidence(
  { members }: Pick<ReleaseManifest, 'members'>,
  { directory }: Pick<State, 'directory'>,
  { disk }: Pick<Ports, 'disk'>,
): Promise<TrainingEvidence> {
  const store = contentStore(disk, statePaths(directory).store)
  const wanted = members.filter(({ name }) => DOCUMENTS.includes(name))
  const read = wanted.map(async ({ name, sha256 }) => [name, await store.get(sha256, memberCap(name)!)] as const)
  return evidenceOf(new Map(await Promise.all(read)))
}
