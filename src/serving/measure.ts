// What a candidate is probed with, and how often: a measurement that another program disturbed is made again, since noise only adds.

import { accepted, type Outcome, unwrap } from '../base/fault.ts'
import { modelRole } from '../release/limits.ts'
import { readGolden } from './evidence.ts'
import { tooMuch } from './gates/g11-latency.ts'
import type { GateContext } from './gates/gate.ts'
import { preconditionsHold } from './gates/run.ts'
import { sanityVectors } from './gates/vectors.ts'
import type { Installation } from './installation.ts'
import type { LatencyFigures, Measurement, ProbedModel, ProbeReport } from './probe.ts'
import { reopenRelease } from './reopen.ts'

/** Measurements of a candidate that seems too slow. */
const ROUNDS = 5

/**
 * Undefined where there is nothing to measure: no probe, or a candidate that a precondition refuses (native code must not see it).
 * Refusals are those of `ModelProbe`.
 */
export async function measure(
  context: GateContext,
  installation: Installation,
  signal?: AbortSignal,
): Promise<Outcome<Measurement> | undefined> {
  const { probe } = installation
  if (probe === undefined || !preconditionsHold(context)) return undefined
  const models = probedModels(context)
  const champion = await championModels(context, models, installation)
  let best: Measurement | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const own = await probe.run(models, signal)
    if (!own.ok) return own
    // One that cannot be measured is no yardstick, and must stay replaceable.
    const theirs = champion && (await probe.run(champion, signal))
    best = better(best, { report: own.value, champion: theirs?.ok === true ? theirs.value.latency : undefined })
    if (tooMuch(best, context.limits) === undefined) break
  }
  return best && accepted(best)
}

/** Golden rows first, then sanity rows: of both the answers are compared. */
function probedModels(context: GateContext): ReadonlyMap<string, ProbedModel> {
  const { release, candidate } = context
  const models = new Map<string, ProbedModel>()
  for (const [role, { width }] of unwrap(candidate).roles) {
    const golden = unwrap(readGolden(release, role)).input
    const sanity = sanityVectors(context, role).rows
    const asked = new Float32Array(golden.length + sanity.length)
    asked.set(golden)
    asked.set(sanity, golden.length)
    models.set(role, { bytes: release.members.get(`models/${role}.onnx`)!, asked, width })
  }
  return models
}

/** The set in charge on the same rows; undefined where it has other roles or widths, or its files are not at hand. */
async function championModels(
  { champion }: GateContext,
  models: ReadonlyMap<string, ProbedModel>,
  installation: Installation,
): Promise<ReadonlyMap<string, ProbedModel> | undefined> {
  if (champion === undefined) return undefined
  const release = await reopenRelease(installation, champion.digest)
  if (!release.ok) return undefined
  const theirs = new Map<string, ProbedModel>()
  for (const [name, bytes] of release.value.members) {
    const role = modelRole(name)
    if (role === undefined) continue
    const model = models.get(role)
    if (model === undefined || champion.roles.get(role)?.width !== model.width) return undefined
    theirs.set(role, { ...model, bytes })
  }
  return theirs.size === models.size ? theirs : undefined
}

function better(known: Measurement | undefined, { report, champion }: Measurement): Measurement {
  if (known === undefined) return { report, champion }
  return {
    report: { ...report, ...lowest(known.report, report), latency: faster(known.report.latency, report.latency) },
    champion: champion && known.champion ? faster(known.champion, champion) : (champion ?? known.champion),
  }
}

const lowest = (a: ProbeReport, b: ProbeReport) => ({
  createMs: Math.min(a.createMs, b.createMs),
  peakMb: Math.min(a.peakMb, b.peakMb),
})

const faster = (a: LatencyFigures, b: LatencyFigures): LatencyFigures => ({
  p50Ms: Math.min(a.p50Ms, b.p50Ms),
  p95Ms: Math.min(a.p95Ms, b.p95Ms),
  p99Ms: Math.min(a.p99Ms, b.p99Ms),
  rows: a.rows,
})
