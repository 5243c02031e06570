// The reference runtime as a port: what our evaluator is held against (parity), never what decides.

export interface RuntimeOracle {
  /** Name and version of the runtime, e.g. `onnxruntime 1.30.0`. */
  readonly name: string
  /**
   * Kind of processor that it runs on, e.g. `x64`. Not the model of the chip: what is certified travels inside a release, and equal runs on
   * machines of one kind give equal releases.
   */
  readonly cpu: string
  /**
   * Runs the model on `count` rows of `width` values and gives its first output, row-major.
   * Faults: `ORACLE_FAILED` with the runtime's words, `ORACLE_TIMEOUT`.
   */
  run(model: Uint8Array, rows: Float32Array, count: number): Promise<Float32Array>
  close(): Promise<void>
}
