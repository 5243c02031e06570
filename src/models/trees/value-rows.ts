// The rows of a boosted ensemble in the memory of the kernels: bins, slopes and scores, and the slopes rounded to whole numbers.

import { packedSums } from './packed-sums.ts'
import { type ValueKernels, valueModule } from './wasm/value-kernels.ts'
import { type Workspace, workspace } from './wasm/workspace.ts'

/** Bytes of one column's histogram: a pair of doubles for each of 256 bins. */
export const COLUMN_BYTES = 256 * 16

/** What the whole numbers of one tree mean. */
export type Units = {
  /** Whole numbers per row are packed in this step. */
  readonly step: number
  /** Gradient per whole unit. */
  readonly gradient: number
  /** Curvature per packed unit. */
  readonly curvature: number
}

export type ValueRows = {
  readonly memory: Workspace<ValueKernels>
  readonly bins: Uint8Array
  readonly order: Int32Array
  readonly spare: Int32Array
  /** Whole gradient and packed curvature of each row. */
  readonly pairs: Float64Array
  readonly gradients: Float64Array
  readonly curvatures: Float64Array | undefined
  readonly scores: Float64Array
  /** Room for so many histograms of all columns. */
  readonly histograms: Float64Array
  /** Refreshes `pairs` from `gradients` and `curvatures`. */
  round(): Units
}

export type ValueRowsShape = {
  readonly count: number
  readonly width: number
  /** Column-major; without them there are no histograms either. */
  readonly bins: Uint8Array | undefined
  /** How many nodes may hold a histogram at a time. */
  readonly histograms: number
  readonly curved: boolean
  readonly outputs: number
}

export function valueRows({ count, width, bins: given, histograms, curved, outputs }: ValueRowsShape): ValueRows {
  const cells = given === undefined ? 0 : histograms * width * (COLUMN_BYTES / 8)
  const size = (given?.length ?? 0) + count * (2 * 4 + (4 + outputs) * 8) + 8 * cells + 256
  const memory = workspace<ValueKernels>(valueModule, size, 12)
  const { largest, roundInto } = memory.kernels
  const bins = memory.bytes(given?.length ?? 0)
  if (given !== undefined) bins.set(given)
  const pairs = memory.doubles(2 * count)
  const gradients = memory.doubles(count)
  const curvatures = curved ? memory.doubles(count) : undefined
  const { step, mostPacked, mostPlain } = packedSums(count)
  // Where every curvature is 1 the packed halves never change.
  if (curvatures === undefined) for (let row = 0; row < count; row++) pairs[2 * row + 1] = mostPacked * step + 1

  /** Rounds one half of the pairs so that the largest value becomes `most`; returns whole units per unit. */
  const roundHalf = (values: Float64Array, most: number, unit: number, plus: number, into: number): number => {
    const end = values.byteOffset + values.byteLength
    const peak = largest(values.byteOffset, end)
    const scale = peak > 0 ? most / peak : 1
    roundInto(values.byteOffset, end, scale, unit, plus, into)
    return scale
  }

  return {
    memory,
    bins,
    pairs,
    gradients,
    curvatures,
    order: memory.ints(count),
    spare: memory.ints(count),
    scores: memory.doubles(outputs * count),
    histograms: memory.doubles(cells),
    round() {
      const gradient = 1 / roundHalf(gradients, mostPlain, 1, 0, pairs.byteOffset)
      if (curvatures === undefined) return { step, gradient, curvature: 1 / (mostPacked * step + 1) }
      const scale = roundHalf(curvatures, mostPacked, step, 1, pairs.byteOffset + 8)
      return { step, gradient, curvature: 1 / (scale * step) }
    },
  }
}
