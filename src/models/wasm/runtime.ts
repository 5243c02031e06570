// The part of the WebAssembly interface that kernels use, typed here because the language's own types leave it to browsers.

type Runtime = {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum?: number
    readonly shared?: boolean
  }) => WasmMemory<ArrayBufferLike>
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory<ArrayBufferLike> } },
  ) => { readonly exports: unknown }
}
export type WasmMemory<B extends ArrayBufferLike> = { readonly buffer: B }
/** What threads share: it can be handed to another thread, and both see the same bytes. */
export type SharedMemory = WasmMemory<SharedArrayBuffer>
/** Compiled code that can be given memory any number of times. */
export type WasmModule = { readonly [Symbol.toStringTag]: string }

const runtime = (globalThis as unknown as { readonly WebAssembly: Runtime }).WebAssembly

export const compileWasm = (bytes: Uint8Array): WasmModule => new runtime.Module(bytes)

/** @param pages of 65,536 bytes */
export function instantiateWasm(
  module: WasmModule,
  pages: number,
): { readonly exports: unknown; readonly buffer: ArrayBuffer } {
  const memory = new runtime.Memory({ initial: pages }) as WasmMemory<ArrayBuffer>
  return { exports: instantiateOn(module, memory), buffer: memory.buffer }
}

/** Memory that never grows, all 0. @param pages of 65,536 bytes */
export const sharedMemory = (pages: number): SharedMemory =>
  new runtime.Memory({ initial: pages, maximum: pages, shared: true }) as SharedMemory

/** @returns what the module exports, working on this memory */
export const instantiateOn = (module: WasmModule, memory: WasmMemory<ArrayBufferLike>): unknown =>
  new runtime.Instance(module, { env: { memory } }).exports
