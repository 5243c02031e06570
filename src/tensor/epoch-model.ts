// A run of steps as one ONNX graph (TENSOR-02): a `Loop` whose turns take a minibatch by the order of the rows and make one step. The
// long row of parameters and the moments are the loop's state, so that one native call is an epoch.

import { boolTensor, graphAttr, intAttr, node } from '../onnx/build.ts'
import type { ElementType, OnnxModel, OnnxNode, OnnxValue } from '../onnx/model.ts'
import { emitTensors } from './emit-tensors.ts'
import { type Emitter, emitter } from './emitter.ts'
import { FLAT, type Leaf, momentName, type Step, scalarName } from './step.ts'

/** Names of the graph's inputs beside those of the program's leaves, which come with the prefixes `rows.`, `step.` and `fixed.`. */
export const EPOCH_INPUTS = Object.freeze({
  steps: 'steps',
  order: 'order',
  scalars: 'scalars',
  parameters: 'parameters',
})

const value = (name: string, type: ElementType, ...dims: readonly (number | string)[]): OnnxValue => ({
  name,
  type,
  dims,
})
const float = (name: string, ...dims: readonly (number | string)[]): OnnxValue => value(name, 'float', ...dims)

/** Where the parameters are one behind the other, each by its own name. */
function unpack(emit: Emitter, { parameters }: Step, flat: string): ReadonlyMap<string, string> {
  const sizes = emit.integers(
    [parameters.length],
    parameters.map(({ size }) => size),
  )
  const parts =
    parameters.length === 1 ? [flat] : emit.shared('Split', [flat, sizes], parameters.length, { axis: intAttr(0) })
  return new Map(
    parameters.map(({ name, shape }, place) => {
      const part = parts[place]!
      return [name, shape.length === 1 ? part : emit.node('Reshape', [part, emit.integers([shape.length], shape)])]
    }),
  )
}

/** The leaves of one turn: `turn` names its number. */
function leavesOf(emit: Emitter, step: Step, flat: string): Map<string, string> {
  const at = (values: string, place: string): string => emit.node('Gather', [values, place])
  const leaves = new Map<string, string>([[FLAT, flat], ...unpack(emit, step, flat)])
  const batch = at(EPOCH_INPUTS.order, 'turn')
  for (const { name } of step.rows) leaves.set(name, at(`rows.${name}`, batch))
  for (const { name } of step.perStep) leaves.set(name, at(`step.${name}`, 'turn'))
  for (const { name } of step.fixed) leaves.set(name, `fixed.${name}`)
  return leaves
}

/** The numbers of the optimiser in one turn. */
function scalarsOf(emit: Emitter, { scalars }: Step): readonly string[] {
  const all = emit.node('Gather', [EPOCH_INPUTS.scalars, 'turn'])
  return scalars === 1 ? [all] : emit.shared('Split', [all], scalars, { axis: intAttr(0) })
}

const dataInputs = (step: Step): OnnxValue[] => [
  value(EPOCH_INPUTS.steps, 'int64'),
  value(EPOCH_INPUTS.order, 'int32', 'steps', step.batch),
  ...step.rows.map(({ name, shape }) => float(`rows.${name}`, 'rows', ...shape.slice(1))),
  ...step.perStep.map(({ name, shape }: Leaf) => float(`step.${name}`, 'steps', ...shape)),
  ...step.fixed.map(({ name, shape }) => float(`fixed.${name}`, ...shape)),
]

function loopModel(
  name: string,
  step: Step,
  emit: Emitter,
  body: { readonly states: readonly string[]; readonly next: readonly string[]; readonly told: readonly string[] },
  inputs: readonly OnnxValue[],
): OnnxModel {
  const states = body.states.map(state => float(`in.${state}`, step.size))
  const told = step.told.map(output => float(`told.${output.name}`, 'steps'))
  // An output is never an input or a constant itself: the runtime wants a node in between.
  const renamed = (from: readonly string[], to: readonly string[]): OnnxNode[] =>
    from.map((source, place) => node('Identity', [source], [to[place]!]))
  const nexts = body.states.map(state => `out.${state}`)
  const turnTold = step.told.map(output => `turn.${output.name}`)
  const loop = node(
    'Loop',
    [EPOCH_INPUTS.steps, 'true', ...body.states],
    [...body.states.map(state => `next.${state}`), ...told.map(output => output.name)],
    {
      body: graphAttr({
        name: 'turn',
        nodes: [
          ...emit.nodes,
          node('Identity', ['going'], ['on']),
          ...renamed(body.next, nexts),
          ...renamed(body.told, turnTold),
        ],
        inputs: [value('turn', 'int64'), value('going', 'bool'), ...states],
        outputs: [
          value('on', 'bool'),
          ...nexts.map(next => float(next, step.size)),
          ...turnTold.map(output => float(output)),
        ],
        initializers: emit.initializers,
      }),
    },
  )
  return {
    irVersion: 8,
    opset: 17,
    mlOpset: 0,
    producer: 'ratchet',
    name,
    nodes: [loop],
    inputs: [...inputs, ...body.states.map(state => float(state, step.size))],
    outputs: [...body.states.map(state => float(`next.${state}`, step.size)), ...told],
    initializers: [boolTensor('true', [], [true])],
    metadata: {},
  }
}

/** Names of the state: the long row first, then the moments. The outputs are called `next.` and the name, the told ones `told.`. */
export const stateNames = (step: Step): readonly string[] =>
  step.next.map((_, place) => (place === 0 ? EPOCH_INPUTS.parameters : `moment${place - 1}`))

/** The graph that makes steps. */
export function epochModel(step: Step): OnnxModel {
  const emit = emitter('t.')
  const states = stateNames(step)
  const leaves = leavesOf(emit, step, `in.${EPOCH_INPUTS.parameters}`)
  for (const [place, name] of scalarsOf(emit, step).entries()) leaves.set(scalarName(place), name)
  for (let place = 1; place < states.length; place++) leaves.set(momentName(place - 1), `in.${states[place]}`)
  const roots = [...step.told.map(output => output.value), ...step.next]
  const names = emitTensors(emit, roots, name => leaves.get(name)!)
  const body = { states, told: names.slice(0, step.told.length), next: names.slice(step.told.length) }
  return loopModel('epoch', step, emit, body, [...dataInputs(step), float(EPOCH_INPUTS.scalars, 'steps', step.scalars)])
}

/** The graph that only looks: the parameters are read and no state is kept. */
export function measureModel(step: Step): OnnxModel {
  const emit = emitter('t.')
  const leaves = leavesOf(emit, step, EPOCH_INPUTS.parameters)
  const told = emitTensors(
    emit,
    step.told.map(output => output.value),
    name => leaves.get(name)!,
  )
  const body = { states: [], next: [], told }
  return loopModel('measure', step, emit, body, [...dataInputs(step), float(EPOCH_INPUTS.parameters, step.size)])
}
