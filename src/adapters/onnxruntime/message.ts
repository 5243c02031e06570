// What the oracle and its child process say to each other.

export type OracleRequest = { readonly model: Uint8Array; readonly rows: Float32Array; readonly count: number }

export type OracleReply =
  | { readonly ok: true; readonly values: Float32Array }
  | { readonly ok: false; readonly reason: string }
