// Who wants to hear of what. One listener that fails disturbs neither the others nor the work that tells them.

export type Listeners<Events> = {
  /** @returns a call that ends the listening; again is fine */
  readonly on: <Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void) => () => void
  /** In the order of their coming. */
  readonly tell: <Name extends keyof Events>(name: Name, event: Events[Name]) => void
}

/**
 * @param onFailure hears what a listener threw, or what the promise that it returned was rejected with
 * @example
 * const ears = listeners<{ swapped: { label: string } }>(cause => log.write('error', 'listener', String(cause)))
 * const off = ears.on('swapped', ({ label }) => show(label))
 * ears.tell('swapped', { label: '20260115_143000_1' })
 */
export function listeners<Events>(onFailure: (cause: unknown) => void): Listeners<Events> {
  const heard = new Map<keyof Events, Set<{ readonly listener: (event: never) => unknown }>>()
  return {
    on(name, listener) {
      const ears = heard.get(name) ?? new Set()
      heard.set(name, ears)
      const ear = { listener }
      ears.add(ear)
      return () => void ears.delete(ear)
    },
    tell(name, event) {
      // Those who join while it is told were not there.
      for (const { listener } of Array.from(heard.get(name) ?? [])) {
        try {
          const result = listener(event as never)
          if (result instanceof Promise) result.catch(onFailure)
        } catch (cause) {
          onFailure(cause)
        }
      }
    },
  }
}
