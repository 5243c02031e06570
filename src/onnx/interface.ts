// Whether a model has the inputs and outputs that its role wants, and if not, every difference in words.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { OnnxModel, OnnxValue } from './model.ts'

export type Interface = { readonly inputs: readonly OnnxValue[]; readonly outputs: readonly OnnxValue[] }

const shown = ({ type, dims }: OnnxValue): string => `${type} [${dims.map(dim => (dim === '' ? '?' : dim)).join(', ')}]`

/** A symbolic dimension that is wanted may have any symbol, but no number: a fixed batch is another interface. */
const sameShape = (found: OnnxValue, wanted: OnnxValue): boolean =>
  found.dims.length === wanted.dims.length &&
  wanted.dims.every((dim, axis) =>
    typeof dim === 'string' ? typeof found.dims[axis] === 'string' : found.dims[axis] === dim,
  )

/**
 * By name: what is missing, what is too much, what has another type or shape. Order counts, too.
 *
 * @example
 * interfaceDifferences(model, { inputs: [{ name: 'input', type: 'float', dims: ['batch', 40] }], outputs: [...] })
 * // ['input "input" is float [batch, 39], not float [batch, 40]']
 */
export function interfaceDifferences(model: Interface, wanted: Interface): readonly string[] {
  return [...differences('input', model.inputs, wanted.inputs), ...differences('output', model.outputs, wanted.outputs)]
}

function differences(kind: string, found: readonly OnnxValue[], wanted: readonly OnnxValue[]): readonly string[] {
  const reasons = wanted.flatMap(want => {
    const have = found.find(({ name }) => name === want.name)
    if (have === undefined) return [`${kind} "${want.name}" is missing`]
    if (have.type === want.type && sameShape(have, want)) return []
    return [`${kind} "${want.name}" is ${shown(have)}, not ${shown(want)}`]
  })
  const known = new Set(wanted.map(({ name }) => name))
  const extra = found.filter(({ name }) => !known.has(name)).map(({ name }) => `${kind} "${name}" is not expected`)
  if (reasons.length + extra.length > 0) return [...reasons, ...extra]
  const order = found.map(({ name }) => name).join(', ')
  return order === wanted.map(({ name }) => name).join(', ') ? [] : [`${kind}s come in the order ${order}`]
}

/** Refusal: `ONNX_INTERFACE` with all differences. */
export function withInterface(model: OnnxModel, wanted: Interface): Outcome<OnnxModel> {
  const found = interfaceDifferences(model, wanted)
  return found.length === 0
    ? accepted(model)
    : refused('ONNX_INTERFACE', found.join('; '), { place: 'inputs and outputs' })
}
