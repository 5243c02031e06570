// Multidirectional broadcasting (ONNX, "Broadcasting"), resolved once at compile time into index maps.

import type { OnnxNode } from '../model.ts'
import { checkedSize, shapeFault, sizeOf, type Value } from './value.ts'

export type Broadcast = {
  readonly batched: boolean
  readonly dims: readonly number[]
  readonly size: number
  /** For each value, the element that belongs to each output element; undefined where it is the same one. */
  readonly maps: readonly (Int32Array | undefined)[]
}

export function broadcast(node: OnnxNode, values: readonly Value[]): Broadcast {
  const batched = values.some(value => value.batched)
  const shapes = batched ? rowShapes(node, values) : values.map(value => value.dims)
  const rank = Math.max(...shapes.map(shape => shape.length))
  const padded = shapes.map(shape => [...Array<number>(rank - shape.length).fill(1), ...shape])
  const dims = Array.from({ length: rank }, (_, axis) => {
    const sizes = new Set(padded.map(shape => shape[axis]!).filter(size => size !== 1))
    if (sizes.size > 1)
      throw shapeFault(node, `shapes ${shapes.map(s => `[${s.join(', ')}]`).join(' and ')} do not fit`)
    return [...sizes][0] ?? 1
  })
  const size = checkedSize(node, dims)
  const maps = padded.map(shape => (sizeOf(shape) === size ? undefined : indexMap(shape, dims, size)))
  return { batched, dims, size, maps }
}

/** Shapes without the batch axis. Aligned at the right, only a batch axis or a 1 may stand where the batch axis is. */
function rowShapes(node: OnnxNode, values: readonly Value[]): readonly (readonly number[])[] {
  const ranks = new Set(values.filter(value => value.batched).map(value => value.dims.length))
  const [rank] = ranks
  if (ranks.size !== 1 || rank === undefined) throw shapeFault(node, 'batches of different rank meet')
  return values.map(({ batched, dims }) => {
    if (batched || dims.length <= rank) return dims
    if (dims.length === rank + 1 && dims[0] === 1) return dims.slice(1)
    throw shapeFault(node, `a constant of [${dims.join(', ')}] would stretch the batch`)
  })
}

function indexMap(shape: readonly number[], dims: readonly number[], size: number): Int32Array {
  const strides = shape.map((dim, axis) => (dim === 1 ? 0 : sizeOf(shape.slice(axis + 1))))
  const map = new Int32Array(size)
  for (let at = 0; at < size; at++) {
    let rest = at
    let from = 0
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += (rest % dims[axis]!) * strides[axis]!
      rest = Math.floor(rest / dims[axis]!)
    }
    map[at] = from
  }
  return map
}
