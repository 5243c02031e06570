// What a training session and the process that holds ONNX Runtime say to each other.

export type Part = { readonly name: string; readonly shape: readonly number[] }

/** Everything that the process needs to know of a program, as plain data. */
export type TrainerProgram = {
  /** Bytes of the two graphs. */
  readonly epoch: Uint8Array
  readonly measure: Uint8Array
  readonly batch: number
  readonly rows: readonly Part[]
  readonly perStep: readonly Part[]
  readonly fixed: readonly Part[]
  readonly told: readonly string[]
  /** Names of the state, each a row of `size` values. */
  readonly states: readonly string[]
  readonly size: number
  /** Numbers of the optimiser in a step. */
  readonly scalars: number
  readonly threads: number
}

export type TrainerCall = {
  readonly steps: number
  readonly order: Int32Array
  readonly perStep: Readonly<Record<string, Float32Array>>
  readonly fixed: Readonly<Record<string, Float32Array>>
  /** Steps times the optimiser's numbers; without them nothing is learned, only measured. */
  readonly scalars?: Float32Array
}

export type Told = Readonly<Record<string, Float32Array>>

export type TrainerRequest =
  | { readonly kind: 'open'; readonly program: TrainerProgram }
  | { readonly kind: 'load'; readonly rows: Readonly<Record<string, Float32Array>>; readonly count: number }
  | { readonly kind: 'call'; readonly call: TrainerCall }
  | { readonly kind: 'save' }
  | { readonly kind: 'restore'; readonly states: readonly Float32Array[] }

export type TrainerAnswer =
  | { readonly ok: true; readonly value: Told | readonly Float32Array[] | undefined }
  | { readonly ok: false; readonly reason: string }

/** Who carries requests out: this process or a child. */
export interface Trainer {
  load(rows: Readonly<Record<string, Float32Array>>, count: number): Promise<void>
  call(call: TrainerCall, signal?: AbortSignal): Promise<Told>
  save(): Promise<readonly Float32Array[]>
  restore(states: readonly Float32Array[]): Promise<void>
  close(): Promise<void>
}
