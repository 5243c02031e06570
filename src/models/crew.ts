// The port to threads that help with a fit. A fit without a crew does the same work alone and leaves the same bytes.

/** Work that helpers know by name. It runs to its end without asking anyone, on plain data in which shared memory stays shared. */
export type CrewJobs = Readonly<Record<string, (task: never) => unknown>>

export interface Crew {
  /** Threads beside the caller's own. */
  readonly helpers: number
  /**
   * Has every helper begin the job while the caller goes on.
   *
   * @param task plain data; typed arrays on a SharedArrayBuffer and shared memories are seen by all
   * @returns waits for all, blocking the caller's thread, and gives what each helper returned
   * Faults of both: `THREAD_LOST`; of the second also the helpers' own
   */
  start(job: string, task: unknown): () => readonly unknown[]
}

/** A typed array of the same kind and content whose memory threads share. */
export function shared<T extends Uint8Array | Int32Array | Float32Array | Float64Array>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => T
  const copy = new Kind(new SharedArrayBuffer(array.byteLength))
  copy.set(array)
  return copy
}

/** Numbers handed out one by one to whoever asks first. */
export type Turns = { readonly next: Int32Array; readonly end: number }

export const turns = (end: number): Turns => ({ next: new Int32Array(new SharedArrayBuffer(4)), end })

/** @returns the next number that nobody has, or undefined */
export function takeTurn({ next, end }: Turns): number | undefined {
  const own = Atomics.add(next, 0, 1)
  return own < end ? own : undefined
}
