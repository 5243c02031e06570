// G4: inputs and outputs of each role are what the brain reads: probabilities that sum to 1, a number, a bounded multiplier.

import { unwrap } from '../../base/fault.ts'
import type { Evaluator } from '../../onnx/model.ts'
import { ROLE_OUTPUTS } from '../../release/release.ts'
import type { Gate, GateContext } from './gate.ts'
import type { GateLimits } from './limits.ts'
import { verdictsOf } from './result.ts'
import { outputsOf, sanityVectors } from './vectors.ts'

const { pass, fail } = verdictsOf('G4')

function shapeObjection({ release, features }: GateContext, role: string, graph: Evaluator, classes: number) {
  const declared = release.manifest.graphSignatures[role]
  if (declared === undefined) return 'has no graph signature'
  if (graph.inputName !== declared.input) return `reads ${graph.inputName}, declared ${declared.input}`
  if (graph.outputName !== declared.output) return `writes ${graph.outputName}, declared ${declared.output}`
  if (graph.width !== declared.width || graph.outputs !== declared.outputs) {
    return `is ${graph.width} to ${graph.outputs}, declared ${declared.width} to ${declared.outputs}`
  }
  const width = features[role]?.length
  if (graph.width !== width) return `reads ${graph.width} columns, this bot has ${width ?? 0}`
  const standard = Object.entries(ROLE_OUTPUTS).find(([name]) => name === role)?.[1]
  if (standard !== undefined && graph.outputName !== standard) return `writes ${graph.outputName}, expected ${standard}`
  const outputs = role === 'meta' ? classes : 1
  if (graph.outputs !== outputs) return `gives ${graph.outputs} values, expected ${outputs}`
  return undefined
}

function valueObjection(role: string, outputs: Float32Array, width: number, limits: GateLimits): string | undefined {
  for (let start = 0; start < outputs.length; start += width) {
    const row = outputs.subarray(start, start + width)
    if (!row.every(Number.isFinite)) return `gives ${row.find(value => !Number.isFinite(value))}`
    if (role === 'meta') {
      const sum = row.reduce((total, value) => total + value, 0)
      if (!(Math.abs(sum - 1) <= limits.probabilitySum)) return `gives probabilities that sum to ${sum}`
      if (row.some(value => value < 0)) return 'gives a negative probability'
    }
    // Bounds as float32, since that is what a graph can clip to.
    if (role === 'rl_sizer' && (row[0]! < Math.fround(limits.size[0]) || row[0]! > Math.fround(limits.size[1]))) {
      return `gives the size ${row[0]}, outside ${limits.size.join('..')}`
    }
  }
  return undefined
}

export const shapes: Gate = {
  name: 'G4',
  asks: 'inputs and outputs as the brain reads them',
  check(context) {
    const set = unwrap(context.candidate)
    for (const [role, graph] of set.roles) {
      const wrong =
        shapeObjection(context, role, graph, set.classes.length) ??
        valueObjection(role, outputsOf(graph, sanityVectors(context, role)), graph.outputs, context.limits)
      if (wrong !== undefined) return fail(role, 'exact', `${role} ${wrong}`)
    }
    return pass('exact', 'exact')
  },
}
