// Gathers what arrives until the next frame, so that a flood of events costs one redraw.

/** @param schedule runs its argument at the next frame, or soon where no frame is drawn */
export function batch<T>(
  schedule: (work: () => void) => void,
  deliver: (items: readonly T[]) => void,
): (item: T) => void {
  let waiting: T[] = []
  return item => {
    waiting.push(item)
    if (waiting.length > 1) return
    schedule(() => {
      const items = waiting
      waiting = []
      deliver(items)
    })
  }
}
