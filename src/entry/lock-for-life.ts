// A lock that is held not for one piece of work but until its holder gives it back.

/** Runs work while nobody else does so on this file; `LOCK_BUSY` at once where somebody does. */
type WithLock = <T>(path: string, work: () => Promise<T>) => Promise<T>

/**
 * @returns gives the lock back; again is fine
 * @example const unlock = await lockForLife('models/replay.lock', withFileLock)
 */
export async function lockForLife(path: string, withLock: WithLock): Promise<() => Promise<void>> {
  const taken = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const held = withLock(path, () => {
    taken.resolve()
    return over.promise
  })
  // A lock that is busy rejects `held`; one that is taken leaves it open.
  await Promise.race([taken.promise, held])
  return () => {
    over.resolve()
    return held
  }
}
