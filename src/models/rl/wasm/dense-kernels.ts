// The kernels of a dense tanh network of one shape, in one module.

import { assemble } from '../../wasm/assembler.ts'
import { compileWasm, type WasmModule } from '../../wasm/runtime.ts'
import { adam } from './adam.ts'
import { biasGradient, product, weightGradient } from './products.ts'

/** Arguments are byte offsets, but for numbers of rows. */
export type DenseKernels = {
  readonly adam: (w: number, end: number, gradient: number, first: number, second: number, numbers: number) => void
} & Readonly<Record<`forward${number}`, (x: number, w: number, bias: number, out: number, rows: number) => void>> &
  Readonly<Record<`backward${number}`, (dy: number, turned: number, unit: number, dx: number, rows: number) => void>> &
  Readonly<Record<`weights${number}`, (x: number, dy: number, out: number, rows: number) => void>> &
  Readonly<Record<`bias${number}`, (dy: number, out: number, rows: number) => void>>

const modules = new Map<string, WasmModule>()

/** The compiled kernels; made once per shape. @param widths of the layers, the inputs first: multiples of 4 */
export function denseModule(widths: readonly number[]): WasmModule {
  const shape = widths.join(' ')
  const known = modules.get(shape)
  if (known !== undefined) return known
  const made = compiled(widths)
  modules.set(shape, made)
  return made
}

function compiled(widths: readonly number[]): WasmModule {
  const layers = widths.slice(1).map((into, layer) => ({ layer, from: widths[layer]!, into }))
  const last = layers.length - 1
  return compileWasm(
    assemble([
      adam,
      ...layers.flatMap(({ layer, from, into }) => [
        product(`forward${layer}`, from, into, layer === last ? 'none' : 'tanh'),
        ...(layer === 0 ? [] : [product(`backward${layer}`, into, from, 'tanhGradient')]),
        weightGradient(`weights${layer}`, from, into),
        biasGradient(`bias${layer}`, into),
      ]),
    ]),
  )
}
