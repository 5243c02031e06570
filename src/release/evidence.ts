// What a release must prove before it is built: everything present, within its size, measured and passed (REL-01, REL-04).

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { REQUIRED_DOCUMENTS } from './layout.ts'
import { MODELS_CAP, memberCap, modelRole, RELEASE_CAP } from './limits.ts'
import { checkMetadata } from './metadata.ts'
import type { ReleaseManifest, ReleaseMembers } from './release.ts'
import { countSchema, digestSchema, fitSchema, namedSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

export type EvidenceOptions = Pick<ReleaseManifest, 'audience' | 'provenance' | 'gates'> & {
  /** Every member of REL-01 by its name: `models/<role>.onnx`, `golden/<role>.json` and the documents. */
  readonly members: ReleaseMembers
  /** Measured rows the models were fitted on; `training_samples` of the plain manifest. */
  readonly trainingSamples: number
}

const provenanceSchema = z.enum(['real', 'simulated'])
const evaluationSchema = z.object({
  provenance: provenanceSchema,
  verdict: z.enum(['pass', 'fail']),
  rows: z.object({ total: countSchema }),
  gates: z.array(z.object({ gate: z.string(), result: z.string(), paper: z.boolean().optional() })).default([]),
})
const lineageSchema = z.object({ data: z.array(z.object({ provenance: provenanceSchema })).min(1) })
const paritySchema = z.object({
  roles: namedSchema(
    z.string(),
    z.object({
      rows: countSchema,
      thresholdAdjacent: countSchema,
      decisionFlips: countSchema,
      goldenSha256: digestSchema,
    }),
  ),
})

const PASSED: ReadonlySet<string> = new Set(['pass', 'notApplicable'])
const PARITY_ROWS = 1000
const PARITY_ADJACENT = 100

/**
 * Faults: `RELEASE_MISSING_FILE`, `RELEASE_EXTRA_FILE`, `MEMBER_SIZE`, `MEMBER_SCHEMA`, `RELEASE_PROVENANCE`,
 * `RELEASE_VERDICT`, `RELEASE_COUNT`, `RELEASE_PARITY`, `METADATA_HASH`.
 */
export function checkEvidence(options: EvidenceOptions): Outcome<void> {
  const { members } = options
  for (const check of [
    () => checkPresence(members),
    () => checkEvaluation(options),
    () => checkParity(members),
    () => checkMetadata(members),
  ]) {
    const result = check()
    if (!result.ok) return result
  }
  return accepted(undefined)
}

export const rolesOf = (members: ReleaseMembers): readonly string[] =>
  [...members.keys()].flatMap(name => modelRole(name) ?? [])

function checkPresence(members: ReleaseMembers): Outcome<void> {
  const roles = rolesOf(members)
  if (roles.length === 0 || roles.length > MODELS_CAP) {
    return refused('RELEASE_MISSING_FILE', `a release of ${roles.length} models`, { place: 'models/' })
  }
  const wanted = [...REQUIRED_DOCUMENTS, ...roles.map(role => `golden/${role}.json`)]
  const missing = wanted.find(name => !members.has(name))
  if (missing !== undefined) return refused('RELEASE_MISSING_FILE', 'a release needs this file', { place: missing })
  let total = 0
  for (const [name, { length }] of members) {
    const cap = memberCap(name)
    if (cap === undefined) return refused('RELEASE_EXTRA_FILE', 'no release holds such a file', { place: name })
    if (length < 1 || length > cap)
      return refused('MEMBER_SIZE', `${length} bytes; 1 to ${cap} are allowed`, { place: name })
    total += length
  }
  if (total > RELEASE_CAP) return refused('MEMBER_SIZE', `${total} bytes in all; at most ${RELEASE_CAP} are allowed`)
  return accepted(undefined)
}

/** A member as a typed document; unknown members are the writer's own business. */
function document<T>(members: ReleaseMembers, name: string, schema: z.ZodType<T>): Outcome<T> {
  const json = parseStrictObject(members.get(name)!, name)
  return json.ok ? fitSchema(schema, json.value, { code: 'MEMBER_SCHEMA', place: name }) : json
}

function checkEvaluation({ members, audience, provenance, gates, trainingSamples }: EvidenceOptions): Outcome<void> {
  const evaluation = document(members, 'evaluation.json', evaluationSchema)
  if (!evaluation.ok) return evaluation
  const lineage = document(members, 'lineage.json', lineageSchema)
  if (!lineage.ok) return lineage
  const stated = [provenance, evaluation.value.provenance, ...lineage.value.data.map(series => series.provenance)]
  if (stated.some(found => found !== provenance)) {
    return refused('RELEASE_PROVENANCE', `provenance is said to be ${stated.join(', ')}`, { place: 'evaluation.json' })
  }
  if (provenance === 'simulated' && audience.profile !== 'paper') {
    return refused('RELEASE_PROVENANCE', 'models made from simulated data are for paper only', {
      place: 'evaluation.json',
      fix: 'train on real data, or build for profile paper',
    })
  }
  if (evaluation.value.verdict !== 'pass' || gates.verdict !== 'pass') {
    return refused('RELEASE_VERDICT', 'the evaluation failed; the current release stays', {
      place: 'evaluation.json',
      fix: 'read the gates in evaluation.json',
    })
  }
  // What paper relaxes counts as passed in paper alone (SRV-24).
  const failed = evaluation.value.gates.find(({ result, paper }) =>
    paper === true ? result === 'error' || audience.profile !== 'paper' : !PASSED.has(result),
  )
  if (failed !== undefined) {
    return refused('RELEASE_VERDICT', `gate ${failed.gate} of the evaluation says ${failed.result}`, {
      place: 'evaluation.json',
      fix: failed.paper === true ? 'build for profile paper' : 'read the gates in evaluation.json',
    })
  }
  const { total } = evaluation.value.rows
  if (Number.isSafeInteger(trainingSamples) && trainingSamples >= 1 && trainingSamples <= total)
    return accepted(undefined)
  return refused(
    'RELEASE_COUNT',
    `training_samples ${trainingSamples} was not measured: ${total} rows were evaluated`,
    {
      place: 'evaluation.json',
    },
  )
}

function checkParity(members: ReleaseMembers): Outcome<void> {
  const parity = document(members, 'parity.json', paritySchema)
  if (!parity.ok) return parity
  const refuse = (sentence: string) => refused('RELEASE_PARITY', sentence, { place: 'parity.json' })
  for (const role of rolesOf(members)) {
    const certificate = parity.value.roles[role]
    if (certificate === undefined) return refuse(`says nothing of ${role}`)
    if (certificate.rows < PARITY_ROWS)
      return refuse(`${role} was compared on ${certificate.rows} rows of ${PARITY_ROWS}`)
    if (certificate.thresholdAdjacent < PARITY_ADJACENT) {
      return refuse(`${role} has ${certificate.thresholdAdjacent} rows near the threshold of ${PARITY_ADJACENT}`)
    }
    if (certificate.decisionFlips > 0) return refuse(`${role} decides otherwise on ${certificate.decisionFlips} rows`)
    if (certificate.goldenSha256 !== sha256(members.get(`golden/${role}.json`)!)) {
      return refuse(`golden/${role}.json is not the file that was certified`)
    }
  }
  return accepted(undefined)
}
