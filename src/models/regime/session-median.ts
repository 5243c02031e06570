// The median of a value over the last complete sessions. It is sorted once per session and stands still within one.

export type SessionMedianState = {
  /** Trade date of the running session. */
  session: string | null
  running: number[]
  /** Values of complete sessions, oldest first. */
  complete: number[][]
  median: number | null
}

export interface SessionMedian {
  init(): SessionMedianState
  /** Takes a value of the session; gives the median of the sessions before it, or null while there is none. */
  update(state: SessionMedianState, session: string, value: number): number | null
}

function medianOf(values: Float64Array): number {
  values.sort()
  const half = values.length >> 1
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2
}

/**
 * @example
 * const median = sessionMedian(20)
 * const state = median.init()
 * median.update(state, '2024-03-04', 2) // null
 * median.update(state, '2024-03-05', 9) // 2
 */
export function sessionMedian(sessions: number): SessionMedian {
  return {
    init: () => ({ session: null, running: [], complete: [], median: null }),
    update(state, session, value) {
      if (session !== state.session) {
        if (state.running.length > 0) {
          state.complete.push(state.running)
          if (state.complete.length > sessions) state.complete.shift()
          state.median = medianOf(Float64Array.from(state.complete.flat()))
          state.running = []
        }
        state.session = session
      }
      state.running.push(value)
      return state.median
    },
  }
}
