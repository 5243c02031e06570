// The inner loop of prediction: four rows at a time step down a tree, so that the waits of one fill with the work of the others.

import { assemble, type Code, f32, i32, loop, select, wasmFunction } from '../../wasm/assembler.ts'
import { compileWasm } from '../../wasm/runtime.ts'

/** Bytes of a node: feature * 4 + (1 where NaN goes left), threshold, offsets of the left and the right child. */
export const NODE_BYTES = 16

export type WalkKernels = {
  /**
   * Writes the byte offset of each row's leaf. All arguments but `depth` and `rowBytes` are byte offsets; there are a multiple
   * of four rows. A leaf's children are itself, so every row takes `depth` steps.
   */
  readonly walk: (root: number, depth: number, rows: number, end: number, rowBytes: number, leaves: number) => void
  /** Adds the values of the leaves found, `bytes` per leaf, to the rows' sums, in float32. */
  readonly addLeaves: (leaves: number, end: number, root: number, values: number, bytes: number, sums: number) => void
}

const LANES = [0, 1, 2, 3] as const

const walk = wasmFunction(
  'walk',
  { root: 'i32', depth: 'i32', rows: 'i32', end: 'i32', rowBytes: 'i32', leaves: 'i32' },
  {
    left: 'i32',
    node0: 'i32',
    node1: 'i32',
    node2: 'i32',
    node3: 'i32',
    row0: 'i32',
    row1: 'i32',
    row2: 'i32',
    row3: 'i32',
    field: 'i32',
    value: 'f32',
  },
  v => {
    const nodes = [v.node0, v.node1, v.node2, v.node3]
    const rows = [v.row0, v.row1, v.row2, v.row3]
    const step = (lane: 0 | 1 | 2 | 3): Code<'none'>[] => {
      const node = nodes[lane]!
      const isMissing = f32.ne(v.value.get, v.value.get)
      return [
        v.field.set(i32.load(node.get)),
        v.value.set(f32.load(i32.add(rows[lane]!.get, i32.and(v.field.get, i32.const(-4))))),
        node.set(
          select(
            i32.or(f32.le(v.value.get, f32.load(node.get, 4)), i32.and(v.field.get, isMissing)),
            i32.load(node.get, 8),
            i32.load(node.get, 12),
          ),
        ),
      ]
    }
    return [
      loop(
        i32.ltU(v.rows.get, v.end.get),
        ...LANES.flatMap(lane => [
          nodes[lane]!.set(v.root.get),
          rows[lane]!.set(v.rows.get),
          v.rows.set(i32.add(v.rows.get, v.rowBytes.get)),
        ]),
        v.left.set(v.depth.get),
        loop(v.left.get, ...LANES.flatMap(step), v.left.set(i32.sub(v.left.get, i32.const(1)))),
        ...LANES.map(lane => i32.store(v.leaves.get, nodes[lane]!.get, lane * 4)),
        v.leaves.set(i32.add(v.leaves.get, i32.const(16))),
      ),
    ]
  },
)

const addLeaves = wasmFunction(
  'addLeaves',
  { leaves: 'i32', end: 'i32', root: 'i32', values: 'i32', bytes: 'i32', sums: 'i32' },
  { at: 'i32', last: 'i32' },
  ({ leaves, end, root, values, bytes, sums, at, last }) => [
    loop(
      i32.ltU(leaves.get, end.get),
      at.set(i32.add(values.get, i32.mul(i32.shrU(i32.sub(i32.load(leaves.get), root.get), i32.const(4)), bytes.get))),
      last.set(i32.add(at.get, bytes.get)),
      loop(
        i32.ltU(at.get, last.get),
        f32.store(sums.get, f32.add(f32.load(sums.get), f32.load(at.get))),
        sums.set(i32.add(sums.get, i32.const(4))),
        at.set(i32.add(at.get, i32.const(4))),
      ),
      leaves.set(i32.add(leaves.get, i32.const(4))),
    ),
  ],
)

/** The compiled kernels. */
export const walkModule = compileWasm(assemble([walk, addLeaves]))
