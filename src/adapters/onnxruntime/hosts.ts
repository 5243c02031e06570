// ONNX Runtime as our EvaluatorHosts: a pair of processes that take turns (blue and green), each replaced when it has loaded often or
// grown, and ended when the last set in it is let go.

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
  loads: number
  firstMb: number | undefined
  lastMb: number
  replaced: boolean
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
  const pair: (Side | undefined)[] = [undefined, undefined]
  const all = new Set<Side>()
  let sets = 0
  let models = 0

  const newest = (side: Side | undefined): number => (side === undefined ? 0 : Math.max(0, ...side.open))
  const worn = ({ loads, firstMb, lastMb }: Side): boolean =>
    loads >= recycleAfter || lastMb - (firstMb ?? lastMb) >= growthMb
  const end = async (side: Side): Promise<void> => {
    all.delete(side)
    await side.host.close().catch(() => undefined)
  }
  /** Where the set that was opened last is not. */
  const idle = (): Side => {
    const at = newest(pair[0]) <= newest(pair[1]) ? 0 : 1
    const known = pair[at]
    if (known !== undefined && !worn(known)) return known
    if (known !== undefined) {
      known.replaced = true
      if (known.open.size === 0) void end(known)
    }
    const host = onnxRuntimeHost(options)
    const made: Side = { host, open: new Set(), loads: 0, firstMb: undefined, lastMb: 0, replaced: false }
    all.add(made)
    pair[at] = made
    return made
  }

  const letGo = async (side: Side, set: number, ids: readonly number[]): Promise<void> => {
    if (!side.open.delete(set)) return
    // A process that ends takes its sessions with it.
    if (side.replaced && side.open.size === 0) return end(side)
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
      await Promise.all([...all].map(end))
      pair.fill(undefined)
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
