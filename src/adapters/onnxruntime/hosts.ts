// ONNX Runtime as our EvaluatorHosts: a pair of hosts that take turns (blue and green), whose processes are replaced when they have loaded
// often or grown.

import { accepted, Fault, type Outcome, refused } from '../../base/fault.ts'
import type { Evaluator } from '../../onnx/model.ts'
import type { EvaluatorHosts, Hosted, HostedGraph } from '../../serving/evaluator-hosts.ts'
import { type Host, type HostOptions, onnxRuntimeHost } from './host.ts'
import { CHANNEL_VALUES } from './host-channel.ts'

export type OnnxRuntimeHostsOptions = HostOptions & {
  /** Sets that one process takes. */
  readonly recycleAfter?: number
  /** MiB that one process may grow since its first set. */
  readonly growthMb?: number
}

type Side = {
  readonly host: Host
  /** Numbers of the sets that are open in it. */
  readonly open: Set<number>
  /** Sets that its process took. */
  loads: number
  firstMb: number | undefined
  lastMb: number
}

/**
 * Nothing is started before the first set is opened.
 *
 * @example
 * const hosts = onnxRuntimeHosts({ deadlineMs: 50 })
 * const { roles, release } = unwrap(await hosts.open(graphs))
 * roles.get('meta')?.run(row, 1)
 */
export function onnxRuntimeHosts({
  recycleAfter = 50,
  growthMb = 100,
  ...options
}: OnnxRuntimeHostsOptions = {}): EvaluatorHosts {
  const pair: Side[] = []
  let sets = 0
  let models = 0

  const newest = ({ open }: Side): number => Math.max(0, ...open)
  const worn = ({ loads, firstMb, lastMb }: Side): boolean =>
    loads >= recycleAfter || lastMb - (firstMb ?? lastMb) >= growthMb
  /** Where the set that was opened last is not. */
  const idle = (): Side => {
    const known = pair.find((side, at) => pair.every((other, i) => i === at || newest(side) <= newest(other)))
    if (known !== undefined && (pair.length > 1 || known.open.size === 0)) return known
    const made: Side = { host: onnxRuntimeHost(options), open: new Set(), loads: 0, firstMb: undefined, lastMb: 0 }
    pair.push(made)
    return made
  }

  const letGo = async (side: Side, set: number, ids: readonly number[]): Promise<void> => {
    if (!side.open.delete(set)) return
    for (const id of ids) await side.host.release(id).catch(() => undefined)
  }

  return {
    async open(graphs) {
      const wide = [...graphs].find(([, { width, outputs }]) => Math.max(width, outputs) > CHANNEL_VALUES)
      if (wide !== undefined) {
        return refused('HOST_LOAD_FAILED', `a row of ${wide[0]} holds more than ${CHANNEL_VALUES} values`, {
          place: wide[0],
        })
      }
      const side = idle()
      const set = ++sets
      side.open.add(set)
      if (worn(side)) {
        await side.host.renew().catch(() => undefined)
        side.loads = 0
        side.firstMb = undefined
      }
      side.loads++
      const ids: number[] = []
      const roles = new Map<string, Evaluator>()
      for (const [role, graph] of graphs) {
        const id = ++models
        ids.push(id)
        try {
          side.lastMb = (await side.host.load(id, graph.bytes)).residentMb
        } catch (cause) {
          await letGo(side, set, ids)
          return notLoaded(role, cause)
        }
        roles.set(role, evaluator(side.host, id, graph))
      }
      side.firstMb ??= side.lastMb
      return accepted({ roles, release: () => void letGo(side, set, ids) } satisfies Hosted)
    },
    async close() {
      await Promise.all(pair.splice(0).map(({ host }) => host.close().catch(() => undefined)))
    },
  }
}

function notLoaded(role: string, cause: unknown): Outcome<never> {
  if (!(cause instanceof Fault)) throw cause
  const code =
    cause.code === 'RUNTIME_UNAVAILABLE' || cause.code === 'HOST_DOWN' ? 'HOST_UNAVAILABLE' : 'HOST_LOAD_FAILED'
  return refused(code, `${role}: ${cause.message}`, { place: role, cause })
}

function evaluator(host: Host, id: number, graph: HostedGraph): Evaluator {
  const { inputName, outputName, width, outputs, metadata } = graph
  return {
    inputName,
    outputName,
    width,
    outputs,
    metadata,
    run(rows, count) {
      if (rows.length !== count * width) {
        throw new RangeError(`${rows.length} values are not ${count} rows of ${width}`)
      }
      const values = host.run(id, rows, count)
      if (values.length === count * outputs) return values
      throw new Fault('INFERENCE_FAILED', `${values.length} values are not ${count} rows of ${outputs}`)
    },
  }
}
