// How this process and its machine are, as a port: for health and metrics, asked often and answered at once.

export type VitalSigns = {
  readonly uptimeMs: number
  readonly cpuMs: number
  /** Of the process; null where the system does not tell. */
  readonly threadCount: number | null
  /** Of this thread's heap since the start. */
  readonly gcCollections: number
  readonly residentBytes: number
  /** Most that this process may take, limits of a container included. */
  readonly memoryLimitBytes: number
  /** Of the database of the state with its log; 0 where there is none. */
  readonly databaseBytes: number
  /** Of the newest proven backup, ms; absent where there is none. */
  readonly backupVerifiedAt?: number | undefined
  /** Of the volume that holds the state. */
  readonly diskUsedRatio: number
  /** Of this thread's event loop since the last call. */
  readonly loopLag: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
}

export interface Vitals {
  signs(): Promise<VitalSigns>
}
