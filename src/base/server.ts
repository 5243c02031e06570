// A running Ratchet as the command line talks to it with `--url`; who carries the bytes is handed in.

/** Faults: `SERVER_UNREACHABLE`, `SERVER_ANSWER`, and whatever the server refuses with, by its own code. */
export interface Server {
  readonly url: string
  get(path: string, signal: AbortSignal): Promise<unknown>
  post(path: string, body: unknown, signal: AbortSignal): Promise<unknown>
}
