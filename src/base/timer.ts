// Waiting as a port, so that tests and replays need not wait.

export interface Timer {
  /** Resolves after `ms`; 0 gives way to whatever else is due. Rejects with the signal's reason when it aborts, and leaves nothing behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
