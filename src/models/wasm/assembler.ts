// A small assembler for WebAssembly: typed expressions in, module bytes out. It has what the kernels of this room need and no more.

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'
/** Instructions that leave one value of the type, or none, on the stack. */
export type Code<T extends ValueType | 'none'> = { readonly type: T; readonly bytes: readonly number[] }
export type Local<T extends ValueType> = { readonly get: Code<T>; set(value: Code<T>): Code<'none'> }

const TYPE_BYTE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

const code = <T extends ValueType | 'none'>(type: T, ...parts: (readonly number[])[]): Code<T> => ({
  type,
  bytes: parts.flat(),
})

const unary =
  <A extends ValueType, R extends ValueType>(type: R, ...opcode: number[]) =>
  (a: Code<A>): Code<R> =>
    code(type, a.bytes, opcode)

const binary =
  <A extends ValueType, R extends ValueType>(type: R, ...opcode: number[]) =>
  (a: Code<A>, b: Code<A>): Code<R> =>
    code(type, a.bytes, b.bytes, opcode)

/** @param align log2 of the natural alignment, as the format wants it */
const load =
  <T extends ValueType>(type: T, align: number, ...opcode: number[]) =>
  (address: Code<'i32'>, offset = 0): Code<T> =>
    code(type, address.bytes, opcode, [align], unsigned(offset))

const store =
  <T extends ValueType>(align: number, ...opcode: number[]) =>
  (address: Code<'i32'>, value: Code<T>, offset = 0): Code<'none'> =>
    code('none', address.bytes, value.bytes, opcode, [align], unsigned(offset))

export const i32 = {
  const: (value: number): Code<'i32'> => code('i32', [0x41], signed(BigInt(value | 0))),
  load: load('i32', 2, 0x28),
  loadByte: load('i32', 0, 0x2d),
  store: store<'i32'>(2, 0x36),
  eq: binary<'i32', 'i32'>('i32', 0x46),
  ltU: binary<'i32', 'i32'>('i32', 0x49),
  leU: binary<'i32', 'i32'>('i32', 0x4d),
  geU: binary<'i32', 'i32'>('i32', 0x4f),
  leS: binary<'i32', 'i32'>('i32', 0x4c),
  add: binary<'i32', 'i32'>('i32', 0x6a),
  sub: binary<'i32', 'i32'>('i32', 0x6b),
  mul: binary<'i32', 'i32'>('i32', 0x6c),
  and: binary<'i32', 'i32'>('i32', 0x71),
  or: binary<'i32', 'i32'>('i32', 0x72),
  shl: binary<'i32', 'i32'>('i32', 0x74),
  shrU: binary<'i32', 'i32'>('i32', 0x76),
  ofI64: unary<'i64', 'i32'>('i32', 0xa7),
}

export const i64 = {
  const: (value: bigint): Code<'i64'> => code('i64', [0x42], signed(BigInt.asIntN(64, value))),
  load: load('i64', 3, 0x29),
  store: store<'i64'>(3, 0x37),
  ne: binary<'i64', 'i32'>('i32', 0x52),
  ctz: unary<'i64', 'i64'>('i64', 0x7a),
  add: binary<'i64', 'i64'>('i64', 0x7c),
  sub: binary<'i64', 'i64'>('i64', 0x7d),
  mul: binary<'i64', 'i64'>('i64', 0x7e),
  and: binary<'i64', 'i64'>('i64', 0x83),
  or: binary<'i64', 'i64'>('i64', 0x84),
  xor: binary<'i64', 'i64'>('i64', 0x85),
  shl: binary<'i64', 'i64'>('i64', 0x86),
  shrU: binary<'i64', 'i64'>('i64', 0x88),
  ofI32U: unary<'i32', 'i64'>('i64', 0xad),
}

const floatBytes = (value: number): number[] => Array.from(new Uint8Array(Float32Array.of(value).buffer))

export const f32 = {
  const: (value: number): Code<'f32'> => code('f32', [0x43], floatBytes(value)),
  load: load('f32', 2, 0x2a),
  store: store<'f32'>(2, 0x38),
  ne: binary<'f32', 'i32'>('i32', 0x5c),
  le: binary<'f32', 'i32'>('i32', 0x5f),
  add: binary<'f32', 'f32'>('f32', 0x92),
}

const doubleBytes = (value: number): number[] => Array.from(new Uint8Array(Float64Array.of(value).buffer))

export const f64 = {
  const: (value: number): Code<'f64'> => code('f64', [0x44], doubleBytes(value)),
  load: load('f64', 3, 0x2b),
  store: store<'f64'>(3, 0x39),
  ne: binary<'f64', 'i32'>('i32', 0x62),
  lt: binary<'f64', 'i32'>('i32', 0x63),
  gt: binary<'f64', 'i32'>('i32', 0x64),
  ge: binary<'f64', 'i32'>('i32', 0x66),
  abs: unary<'f64', 'f64'>('f64', 0x99),
  floor: unary<'f64', 'f64'>('f64', 0x9c),
  /** Halves go to the even neighbour. */
  nearest: unary<'f64', 'f64'>('f64', 0x9e),
  add: binary<'f64', 'f64'>('f64', 0xa0),
  sub: binary<'f64', 'f64'>('f64', 0xa1),
  mul: binary<'f64', 'f64'>('f64', 0xa2),
  div: binary<'f64', 'f64'>('f64', 0xa3),
  max: binary<'f64', 'f64'>('f64', 0xa5),
  ofI32U: unary<'i32', 'f64'>('f64', 0xb8),
}

/** Pairs of doubles in one register. */
export const f64x2 = {
  load: load('v128', 4, 0xfd, 0x00),
  store: store<'v128'>(4, 0xfd, 0x0b),
  splat: unary<'f64', 'v128'>('v128', 0xfd, 0x14),
  first: unary<'v128', 'f64'>('f64', 0xfd, 0x21, 0),
  second: unary<'v128', 'f64'>('f64', 0xfd, 0x21, 1),
  add: binary<'v128', 'v128'>('v128', 0xfd, 0xf0, 0x01),
  sub: binary<'v128', 'v128'>('v128', 0xfd, 0xf1, 0x01),
  mul: binary<'v128', 'v128'>('v128', 0xfd, 0xf2, 0x01),
}

/** Four floats in one register; every lane is rounded as IEEE 754 says, so any machine gives the same bits. */
export const f32x4 = {
  load: load('v128', 4, 0xfd, 0x00),
  /** One float into all four lanes. */
  loadSplat: load('v128', 2, 0xfd, 0x09),
  store: store<'v128'>(4, 0xfd, 0x0b),
  splat: unary<'f32', 'v128'>('v128', 0xfd, 0x13),
  sqrt: unary<'v128', 'v128'>('v128', 0xfd, 0xe3, 0x01),
  add: binary<'v128', 'v128'>('v128', 0xfd, 0xe4, 0x01),
  sub: binary<'v128', 'v128'>('v128', 0xfd, 0xe5, 0x01),
  mul: binary<'v128', 'v128'>('v128', 0xfd, 0xe6, 0x01),
  div: binary<'v128', 'v128'>('v128', 0xfd, 0xe7, 0x01),
  /** The second where it is less than the first, else the first: what a processor does in one step. */
  less: binary<'v128', 'v128'>('v128', 0xfd, 0xea, 0x01),
  /** The second where it is more than the first, else the first. */
  more: binary<'v128', 'v128'>('v128', 0xfd, 0xeb, 0x01),
}

/** Repeats the body as long as the condition holds, which is looked at before each time. */
export function loop(condition: Code<'i32'>, ...body: Code<'none'>[]): Code<'none'> {
  const once = body.flatMap(({ bytes }) => bytes)
  // Turned around, so that one pass costs one branch: block { unless c leave; loop { body; if c repeat } }.
  const inner = [0x03, 0x40, ...once, ...condition.bytes, 0x0d, 0x00, 0x0b]
  return code('none', [0x02, 0x40], condition.bytes, [0x45, 0x0d, 0x00], inner, [0x0b])
}

export function when(condition: Code<'i32'>, ...body: Code<'none'>[]): Code<'none'> {
  return code(
    'none',
    condition.bytes,
    [0x04, 0x40],
    body.flatMap(({ bytes }) => bytes),
    [0x0b],
  )
}

export function whenElse(condition: Code<'i32'>, yes: Code<'none'>[], no: Code<'none'>[]): Code<'none'> {
  const joined = (part: Code<'none'>[]) => part.flatMap(({ bytes }) => bytes)
  return code('none', condition.bytes, [0x04, 0x40], joined(yes), [0x05], joined(no), [0x0b])
}

/** One of two values, both of which are computed. */
export function select<T extends ValueType>(condition: Code<'i32'>, yes: Code<T>, no: Code<T>): Code<T> {
  return code(yes.type, yes.bytes, no.bytes, condition.bytes, [0x1b])
}

/** Copies `length` bytes; the places may overlap. */
export function copyBytes(to: Code<'i32'>, from: Code<'i32'>, length: Code<'i32'>): Code<'none'> {
  return code('none', to.bytes, from.bytes, length.bytes, [0xfc, 0x0a, 0x00, 0x00])
}

type Named = Readonly<Record<string, ValueType>>
type Locals<N extends Named> = { readonly [K in keyof N]: Local<N[K]> }

export type WasmFunction = {
  readonly name: string
  readonly params: readonly ValueType[]
  readonly locals: readonly ValueType[]
  readonly result: ValueType | undefined
  readonly body: readonly number[]
}

/**
 * @param locals start as 0
 * @param result what the function gives back, made after the body
 */
export function wasmFunction<P extends Named, L extends Named>(
  name: string,
  params: P,
  locals: L,
  body: (names: Locals<P & L>) => Code<'none'>[],
  result?: (names: Locals<P & L>) => Code<ValueType>,
): WasmFunction {
  const all = Object.entries<ValueType>({ ...params, ...locals })
  const names = Object.fromEntries(
    all.map(([local, type], index) => [
      local,
      {
        get: code(type, [0x20], unsigned(index)),
        set: (value: Code<ValueType>) => code('none', value.bytes, [0x21], unsigned(index)),
      },
    ]),
  ) as unknown as Locals<P & L>
  const last = result?.(names)
  return {
    name,
    params: Object.values(params),
    locals: Object.values(locals),
    result: last?.type,
    body: [...body(names).flatMap(({ bytes }) => bytes), ...(last?.bytes ?? [])],
  }
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]
const listed = (parts: readonly (readonly number[])[]): number[] => [...unsigned(parts.length), ...parts.flat()]
const section = (id: number, parts: readonly (readonly number[])[]): number[] => [id, ...sized(listed(parts))]
const text = (value: string): number[] => sized(Array.from(new TextEncoder().encode(value)))

/** "\0asm", version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** Limits of an imported memory: at least a page; a shared one also says that it may have as many as there can be. */
const OWN_MEMORY = [0x02, 0x00, 0x01]
const SHARED_MEMORY = [0x02, 0x03, 0x01, ...unsigned(65_536)]

/**
 * A module that exports the functions and works on the imported memory `env.memory`.
 *
 * @param shared whether that memory is one that threads share
 */
export function assemble(functions: readonly WasmFunction[], shared = false): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params, result }) => [
    0x60,
    ...listed(params.map(type => [TYPE_BYTE[type]])),
    ...listed(result === undefined ? [] : [[TYPE_BYTE[result]]]),
  ])
  const bodies = functions.map(({ locals, body }) =>
    sized([...listed(locals.map(type => [1, TYPE_BYTE[type]])), ...body, 0x0b]),
  )
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), ...(shared ? SHARED_MEMORY : OWN_MEMORY)]]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]),
    ),
    ...section(10, bodies),
  ])
}
