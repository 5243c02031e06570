// What was asked for last, kept by name up to a number: a cache that cannot grow without end.

export interface Recent<T> {
  /** What is kept under a name; having been asked for it stays longest. */
  get(name: string): T | undefined
  /** Keeps it, and lets go of what nobody asked for longest where there is no room. */
  set(name: string, thing: T): void
}

/**
 * @param kept things at most
 *
 * @example
 * const squares = recent<number>(2)
 * squares.set('3', 9)
 * squares.get('3') // 9
 */
export function recent<T>(kept: number): Recent<T> {
  // A map is in order of insertion: the first key is the one that was asked for longest ago.
  const things = new Map<string, T>()
  const set = (name: string, thing: T): void => {
    things.delete(name)
    things.set(name, thing)
    for (const oldest of things.keys()) {
      if (things.size <= kept) return
      things.delete(oldest)
    }
  }
  return {
    get(name) {
      const thing = things.get(name)
      if (thing !== undefined) set(name, thing)
      return thing
    },
    set,
  }
}
