// Cutting a tensor along an axis and laying tensors one behind another.

import { intAttr } from '../../onnx/build.ts'
import { filled, operation, type Shape, sameShape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'

/** Blocks of a tensor around an axis: `outer` times `extent` times `inner` values. */
function blocks(shape: Shape, axis: number): { outer: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis + 1)) }
}

/** The gradient of a slice: zeros of the whole shape with the slice's part filled in. Remembered so that neighbours can be joined. */
type Filling = { readonly part: Tensor; readonly axis: number; readonly from: number; readonly whole: Shape }
const fillings = new WeakMap<Tensor, Filling>()

/** `from` up to but not including `to` along an axis. */
export function slice(x: Tensor, axis: number, from: number, to: number): Tensor {
  const extent = x.shape[axis]
  if (
    extent === undefined ||
    !(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= extent)
  ) {
    throw shapeFault('slice', [x.shape], `there is no ${from} to ${to} along axis ${axis}`)
  }
  if (from === 0 && to === extent) return x
  const { outer, inner } = blocks(x.shape, axis)
  const width = (to - from) * inner
  return operation('slice', x.shape.with(axis, to - from), [x], {
    forward(output, [whole]) {
      for (let o = 0; o < outer; o++) {
        const start = (o * extent + from) * inner
        output.set(whole!.subarray(start, start + width), o * width)
      }
    },
    gradients: gradient => [filling({ part: gradient, axis, from, whole: x.shape })],
    onnx: (emit, [whole]) =>
      emit.node('Slice', [whole!, emit.integers([1], [from]), emit.integers([1], [to]), emit.integers([1], [axis])]),
  })
}

/** Equal parts along an axis, in order: one node of ONNX for all of them. */
export function split(x: Tensor, axis: number, count: number): readonly Tensor[] {
  const extent = x.shape[axis]
  if (extent === undefined || extent % count !== 0) {
    throw shapeFault('split', [x.shape], `axis ${axis} does not fall into ${count} equal parts`)
  }
  const size = extent / count
  return Array.from({ length: count }, (_, part) => {
    const piece = slice(x, axis, part * size, (part + 1) * size)
    if (piece.kind !== 'operation' || piece === x) return piece
    return operation('split', piece.shape, [x], {
      ...piece.rule,
      onnx: (emit, [whole]) => emit.shared('Split', [whole!], count, { axis: intAttr(axis) })[part]!,
    })
  })
}

function filling(given: Filling): Tensor {
  const { part, axis, from, whole } = given
  const made = concat(
    [...gap(whole, axis, 0, from), part, ...gap(whole, axis, from + part.shape[axis]!, whole[axis]!)],
    axis,
  )
  fillings.set(made, given)
  return made
}

const gap = (whole: Shape, axis: number, from: number, to: number): Tensor[] =>
  from === to ? [] : [filled(whole.with(axis, to - from), 0)]

/** The sum of gradients of slices of one tensor: those that do not overlap are laid side by side instead of added. */
export function joined(parts: readonly Tensor[]): Tensor | undefined {
  if (parts.length === 1) return parts[0]
  const known = parts.flatMap(part => fillings.get(part) ?? [])
  const axis = known[0]?.axis
  if (axis === undefined || known.length < parts.length || known.some(one => one.axis !== axis)) return undefined
  const whole = known[0]!.whole
  const laid: Tensor[] = []
  let at = 0
  for (const { part, from } of known.toSorted((a, b) => a.from - b.from)) {
    if (from < at) return undefined
    laid.push(...gap(whole, axis, at, from), part)
    at = from + part.shape[axis]!
  }
  return concat([...laid, ...gap(whole, axis, at, whole[axis]!)], axis)
}

/** Tensors one behind another along an axis, by default the last; their other extents are equal. */
export function concat(parts: readonly Tensor[], axis = (parts[0]?.shape.length ?? 0) - 1): Tensor {
  const shapes = parts.map(part => part.shape)
  const [first] = shapes
  if (first?.[axis] === undefined || shapes.some(shape => !sameShape(shape.with(axis, 0), first.with(axis, 0)))) {
    throw shapeFault('concat', shapes, `wants shapes that differ along axis ${axis} only`)
  }
  if (parts.length === 1) return parts[0]!
  const extents = shapes.map(shape => shape[axis]!)
  const total = extents.reduce((sum, extent) => sum + extent, 0)
  const { outer, inner } = blocks(first, axis)
  return operation('concat', first.with(axis, total), parts, {
    forward(output, inputs) {
      let at = 0
      for (let o = 0; o < outer; o++) {
        for (const [place, from] of inputs.entries()) {
          const width = extents[place]! * inner
          output.set(from.subarray(o * width, (o + 1) * width), at)
          at += width
        }
      }
    },
    gradients(gradient) {
      let at = 0
      return extents.map(extent => slice(gradient, axis, at, (at += extent)))
    },
    onnx: (emit, inputs) => emit.node('Concat', inputs, { axis: intAttr(axis) }),
  })
}
