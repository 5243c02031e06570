// Which evaluator runs a graph (SRV-31): our own in this thread for what is small, a host process for everything else.

import { accepted, Fault, type Outcome } from '../base/fault.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { validateModel } from '../onnx/validate.ts'
import { modelRole } from '../release/limits.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { EvaluatorHosts, Hosted, HostedGraph } from './evaluator-hosts.ts'

export type Engine = 'auto' | 'direct' | 'host'

export type Evaluators = {
  /** `auto`: direct where our evaluator can and a row is cheap, else a host. */
  readonly engine: Engine
  readonly hosts: EvaluatorHosts
}

/** Numbers in a graph beyond which a row is no longer cheap here: about a millisecond of products. */
export const DIRECT_WEIGHTS = 1_000_000

const weightsOf = ({ initializers }: OnnxModel): number => initializers.reduce((sum, { data }) => sum + data.length, 0)

/** What a host needs of a graph; fault `ONNX_INTERFACE` where it has not one float input `[batch, n]` and one such output. */
function hostedGraph(bytes: Uint8Array, { inputs, outputs, metadata }: OnnxModel): HostedGraph {
  const [input, output] = [inputs[0], outputs[0]]
  const [width, values] = [input?.dims[1], output?.dims[1] ?? 1]
  const plain = inputs.length === 1 && outputs.length === 1 && input?.type === 'float' && output?.type === 'float'
  if (
    !plain ||
    input.dims.length !== 2 ||
    output.dims.length > 2 ||
    typeof width !== 'number' ||
    typeof values !== 'number'
  ) {
    throw new Fault(
      'ONNX_INTERFACE',
      'one float input [batch, width] and one float output [batch, outputs] are wanted',
      {
        place: 'inputs and outputs',
      },
    )
  }
  return { bytes, inputName: input.name, outputName: output.name, width, outputs: values, metadata }
}

function wantsHost(engine: Engine, model: OnnxModel): boolean {
  if (engine === 'auto') return weightsOf(model) > DIRECT_WEIGHTS || !compileModel(model).ok
  return engine === 'host'
}

/**
 * Opens the graphs of a release that a host is to run; undefined where there are none. Every graph passed our validator first. A graph
 * that is not well-formed is left to whoever compiles, who says so.
 *
 * Refusals: those of `EvaluatorHosts`, and `ONNX_INTERFACE`.
 */
export async function openHosted(
  { members }: Pick<VerifiedRelease, 'members'>,
  evaluators: Evaluators | undefined,
): Promise<Outcome<Hosted | undefined>> {
  if (evaluators === undefined || evaluators.engine === 'direct') return accepted(undefined)
  const graphs = new Map<string, HostedGraph>()
  try {
    for (const [name, bytes] of members) {
      const role = modelRole(name)
      const model = role === undefined ? undefined : validateModel(bytes)
      if (role === undefined || model?.ok !== true || !wantsHost(evaluators.engine, model.value)) continue
      graphs.set(role, hostedGraph(bytes, model.value))
    }
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
  return graphs.size === 0 ? accepted(undefined) : evaluators.hosts.open(graphs)
}
