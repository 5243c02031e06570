// Typed arrays side by side in one WebAssembly memory, where kernels find them by their byte offsets.

import { instantiateWasm, type WasmModule } from '../../wasm/runtime.ts'

const PAGE = 65_536
/** Pairs of doubles start on their own boundary. */
const ALIGN = 16

export type Workspace<K> = {
  readonly kernels: K
  bytes(length: number): Uint8Array
  ints(length: number): Int32Array
  floats(length: number): Float32Array
  doubles(length: number): Float64Array
}

/**
 * Memory of a fixed size, all 0: it never grows, so views stay valid.
 *
 * @param size bytes that will be asked for, without alignment
 * @param arrays how many arrays will be asked for
 */
export function workspace<K>(module: WasmModule, size: number, arrays: number): Workspace<K> {
  const { exports, buffer } = instantiateWasm(module, Math.ceil((size + arrays * ALIGN) / PAGE))
  let used = 0
  const take = (length: number): number => {
    const start = used
    used = Math.ceil((used + length) / ALIGN) * ALIGN
    return start
  }
  return {
    kernels: exports as K,
    bytes: length => new Uint8Array(buffer, take(length), length),
    ints: length => new Int32Array(buffer, take(length * 4), length),
    floats: length => new Float32Array(buffer, take(length * 4), length),
    doubles: length => new Float64Array(buffer, take(length * 8), length),
  }
}
