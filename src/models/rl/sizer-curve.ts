// What is told of a sizer's fit: batches are small and their tails jump, so the objective is told as a mean over several of them.

import type { Watch } from '../watch.ts'

/** Points of each curve, one more for the start. */
const POINTS = 50

export type SizerCurve = {
  step(step: number, objective: number, rate: number): void
  /** A look at the validation rows; those that follow too soon are left out. */
  look(step: number, loss: number): void
  /** Tells the steps since the last point. */
  end(): void
}

/** @param steps how many there may be at most */
export function sizerCurve(watch: Watch | undefined, steps: number): SizerCurve {
  const every = Math.ceil(steps / POINTS)
  const since = { sum: 0, count: 0, step: 0, rate: 0 }
  let lastLook = -every
  const tell = (): void => {
    const { sum, count, step: x, rate } = since
    if (count === 0) return
    watch?.({ curve: 'train', x, y: sum / count })
    watch?.({ curve: 'rate', x, y: rate })
    since.sum = 0
    since.count = 0
  }
  return {
    step(step, objective, rate) {
      since.sum += objective
      since.count++
      since.step = step
      since.rate = rate
      if (step % every === 0) tell()
    },
    look(x, y) {
      if (x - lastLook < every) return
      lastLook = x
      watch?.({ curve: 'validation', x, y })
    },
    end: tell,
  }
}
