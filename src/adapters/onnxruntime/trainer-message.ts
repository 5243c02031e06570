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
  /** Whether to try CUDA first. */
  readonly cuda: boolean
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

export type Device = 'cpu' | 'cuda'

export type TrainerRequest =
  | {
      readonly kind: 'open'
      readonly program: TrainerProgram
      /** The state's rows, parameters first. */
      readonly initial: readonly Float32Array[]
      readonly memoryMb: number
    }
  | { readonly kind: 'load'; readonly rows: Readonly<Record<string, Float32Array>>; readonly count: number }
  | { readonly kind: 'call'; readonly call: TrainerCall }
  | { readonly kind: 'save' }
  | { readonly kind: 'restore'; readonly states: readonly Float32Array[] }

export type TrainerValue = Told | readonly Float32Array[] | Device | void

export type TrainerAnswer =
  | { readonly ok: true; readonly value: TrainerValue }
  | { readonly ok: false; readonly reason: string }

/** The signal by which the process says that it grew too large. Its default is to end without a core dump. */
export const OVERGROWN: NodeJS.Signals = 'SIGUSR2'

/** Who carries requests out: this process or a child. */
export interface Trainer {
  /** What it runs on in the end. */
  readonly device: Device
  load(rows: Readonly<Record<string, Float32Array>>, count: number): Promise<void>
  call(call: TrainerCall, signal?: AbortSignal): Promise<Told>
  save(): Promise<readonly Float32Array[]>
  restore(states: readonly Float32Array[]): Promise<void>
  close(): Promise<void>
}
