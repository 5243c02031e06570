// Work that is done some items ahead of whoever takes its results, which come in order, each beside its item.

/**
 * At most `most` are under way. Whoever stops taking, or finds a failure, goes on when the others that were begun have ended.
 *
 * @example for await (const [name, bytes] of ahead(names, 3, read)) check(name, bytes)
 */
export async function* ahead<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R], void> {
  const begun: Promise<R>[] = []
  let next = 0
  try {
    while (next < items.length || begun.length > 0) {
      while (begun.length < most && next < items.length) {
        const result = work(items[next++]!)
        // Its failure is told when its turn comes.
        result.catch(() => undefined)
        begun.push(result)
      }
      const result = await begun[0]!
      const item = items[next - begun.length]!
      void begun.shift()
      yield [item, result]
    }
  } finally {
    await Promise.allSettled(begun)
  }
}
