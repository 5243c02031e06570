// ONNX Runtime as our ModelProbe: one confined process a candidate, ended when it has answered or broken a limit (SRV-12).

import { accepted, Fault, type Outcome, refused } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import type { LatencyFigures, ModelProbe, ProbedModel, ProbeReport } from '../../serving/probe.ts'
import { monotonicClock } from '../system/clock.ts'
import type { Confinement, Limits } from './confine.ts'
import { bytesOf, joined } from './frames.ts'
import { type RuntimeProcess, runtimeProcess } from './runtime-process.ts'
import { runtimeVersion } from './version.ts'

export type OnnxRuntimeProbeOptions = {
  readonly limits?: Limits
  /** From the first model to the last answer. */
  readonly wallMs?: number
  /** Rows that are timed, one by one. */
  readonly timedRows?: number
  /** In place of what this system offers. */
  readonly held?: Confinement
}

export const PROBE_LIMITS: Limits = Object.freeze({ memoryMb: 1_536, cpuSeconds: 10, descriptors: 64 })

/** Until caches are warm and the allocator has what it needs. */
const UNTIMED = 50
/** Of the rows asked; more would only fill memory. */
const ROWS_IN_CIRCLE = 200

/**
 * @example
 * const outcome = await onnxRuntimeProbe().run(new Map([['meta', { bytes, asked, width: 17 }]]))
 * if (outcome.ok) outcome.value.latency.p99Ms // 0.05
 */
export function onnxRuntimeProbe({
  limits = PROBE_LIMITS,
  wallMs = 15_000,
  timedRows = 1_000,
  held,
}: OnnxRuntimeProbeOptions = {}): ModelProbe {
  return {
    async run(models, signal) {
      let child: RuntimeProcess
      try {
        child = await runtimeProcess({ limits, ...(held && { held }) })
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause
        return refused('PROBE_UNAVAILABLE', cause.message, {
          ...(cause.fix !== undefined && { fix: cause.fix }),
          cause,
        })
      }
      const stop = (): void => void child.close()
      signal?.addEventListener('abort', stop)
      if (signal?.aborted === true) stop()
      try {
        return await probed(child, models, { limits, wallMs, timedRows })
      } catch (cause) {
        signal?.throwIfAborted()
        if (!(cause instanceof Fault)) throw cause
        return refused('MODEL_PROBE_FAILED', `the probe failed: ${cause.message}`, {
          ...(cause.place !== undefined && { place: cause.place }),
          cause,
        })
      } finally {
        signal?.removeEventListener('abort', stop)
        await child.close()
      }
    },
  }
}

type Bounds = Required<Pick<OnnxRuntimeProbeOptions, 'limits' | 'wallMs' | 'timedRows'>>

async function probed(
  child: RuntimeProcess,
  models: ReadonlyMap<string, ProbedModel>,
  { limits, wallMs, timedRows }: Bounds,
): Promise<Outcome<ProbeReport>> {
  const roles = [...models]
  const until = monotonicClock.now() + wallMs
  const left = (): number => Math.max(1, Math.ceil(until - monotonicClock.now()))
  let createMs = 0
  const answers = new Map<string, Float32Array>()
  for (const [id, [role, { bytes, asked, width }]] of roles.entries()) {
    try {
      createMs += (await child.ask({ kind: 'load', id }, bytes, left())).ms
      const count = asked.length / width
      if (count > 0) answers.set(role, (await child.ask({ kind: 'run', id, count }, asked, left())).values)
    } catch (cause) {
      if (cause instanceof Fault) throw new Fault(cause.code, cause.message, { place: role, cause })
      throw cause
    }
  }
  const rows = Math.min(ROWS_IN_CIRCLE, ...roles.map(([, { asked, width }]) => asked.length / width))
  const { values } = await child.ask(
    {
      kind: 'time',
      models: roles.map(([, { width }], id) => ({ id, width })),
      rows,
      untimed: UNTIMED,
      turns: timedRows,
    },
    joined(roles.map(([, { asked, width }]) => asked.subarray(0, rows * width))),
    left(),
  )
  const resident = await child.resident()
  if (resident === undefined) throw new Fault('RUNTIME_ENDED', 'the memory of the process could not be read')
  return accepted({
    runtime: `onnxruntime ${runtimeVersion()}`,
    createMs,
    latency: latencyOf(values),
    peakMb: resident.peakMb,
    answers,
    outputSha256: sha256(bytesOf(joined([...answers].sort(byName).map(([, each]) => each)))),
    heldBy: heldBy(child.held, limits),
  })
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

/** The smallest figure that a share of the turns does not exceed (nearest rank). */
function latencyOf(ms: Float32Array): LatencyFigures {
  const sorted = ms.slice().sort()
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), rows: ms.length }
}

function heldBy({ limits: held, network, parent }: Confinement, { cpuSeconds }: Limits): readonly string[] {
  return [
    ...(held ? ['address space', ...(cpuSeconds === undefined ? [] : ['cpu']), 'descriptors'] : ['watched memory']),
    ...(network ? ['no network'] : []),
    ...(parent ? ['ends with its parent'] : ['watches its parent']),
    'permissions',
  ]
}
