// The part of the WebAssembly interface that kernels use, typed here because the language's own types leave it to browsers.

type Runtime = {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown }
}
type WasmMemory = { readonly buffer: ArrayBuffer }
/** Compiled code that can be given memory any number of times. */
export type WasmModule = { readonly [Symbol.toStringTag]: string }

const runtime = (globalThis as unknown as { readonly WebAssembly: Runtime }).WebAssembly

export const compileWasm = (bytes: Uint8Array): WasmModule => new runtime.Module(bytes)

/** @param pages of 65,536 bytes */
export function instantiateWasm(
  module: WasmModule,
  pages: number,
): { readonly exports: unknown; readonly buffer: ArrayBuffer } {
  const memory = new runtime.Memory({ initial: pages })
  return { exports: new runtime.Instance(module, { env: { memory } }).exports, buffer: memory.buffer }
}
