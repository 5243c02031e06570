// What the kernels of a dense network are written with: names for arguments and registers, and the sizes that all agree on.

import { type Code, i32, type Local, type ValueType, type WasmFunction, wasmFunction } from '../../wasm/assembler.ts'

/** Rows and widths of layers are whole multiples of this. */
export const BLOCK = 4
export const FLOAT = 4
/** Bytes of a register. */
export const VECTOR = 16

type Names = Readonly<Record<string, ValueType>>

/** Arguments and locals of a kernel by name: integers and vectors. */
export type Scope = {
  readonly i: (name: string) => Local<'i32'>
  readonly v: (name: string) => Local<'v128'>
}

export type KernelNames = {
  /** All integers: byte offsets and counts. */
  readonly params: readonly string[]
  readonly locals?: readonly string[]
  readonly vectors: readonly string[]
}

const typed = (names: readonly string[], type: ValueType): Names => Object.fromEntries(names.map(name => [name, type]))

export function kernel(
  name: string,
  { params, locals = [], vectors }: KernelNames,
  body: (scope: Scope) => Code<'none'>[],
): WasmFunction {
  return wasmFunction<Names, Names>(
    name,
    typed(params, 'i32'),
    { ...typed(locals, 'i32'), ...typed(vectors, 'v128') },
    all => body({ i: local => all[local] as Local<'i32'>, v: local => all[local] as Local<'v128'> }),
  )
}

export const forward = (pointer: Local<'i32'>, bytes: number): Code<'none'> =>
  pointer.set(i32.add(pointer.get, i32.const(bytes)))
