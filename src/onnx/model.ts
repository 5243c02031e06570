// An ONNX model as plain data: what the builder makes, the codec reads and writes, the validator checks, the evaluator compiles.

export type ElementType = 'float' | 'double' | 'int64' | 'int32' | 'bool' | 'string'

export type OnnxTensor = {
  readonly name: string
  readonly type: ElementType
  readonly dims: readonly number[]
  /** In row-major order. int64 as bigint. */
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | readonly string[]
}

export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats'; readonly value: Float32Array }
  | { readonly kind: 'ints'; readonly value: BigInt64Array }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  /** The body of a loop. Written for training only: a file that holds one is refused when read. */
  | { readonly kind: 'graph'; readonly value: OnnxGraph }

export type OnnxNode = {
  readonly name: string
  readonly opType: string
  /** '' is ai.onnx. */
  readonly domain: '' | 'ai.onnx.ml'
  /** An empty name is an omitted optional input. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export type OnnxValue = {
  readonly name: string
  readonly type: ElementType
  /** A string is a symbolic dimension (`batch`). */
  readonly dims: readonly (number | string)[]
}

export type OnnxGraph = {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly initializers: readonly OnnxTensor[]
}

export type OnnxModel = OnnxGraph & {
  /** 8. */
  readonly irVersion: number
  /** ai.onnx, 17. */
  readonly opset: number
  /** ai.onnx.ml, 3. */
  readonly mlOpset: number
  readonly producer: string
  /** Written sorted by key, so that equal models are equal bytes. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A compiled graph with one float input `[batch, width]` and one float output `[batch, outputs]`. Synchronous, no native memory. */
export interface Evaluator {
  readonly inputName: string
  readonly outputName: string
  readonly width: number
  readonly outputs: number
  readonly metadata: Readonly<Record<string, string>>
  /**
   * @param rows row-major, `count * width` values
   * @returns row-major, `count * outputs` values; a view that the next call overwrites when `count` is 1
   */
  run(rows: Float32Array, count: number): Float32Array
}
