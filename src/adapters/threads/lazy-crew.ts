// The crew of a process: its threads start when the first fit wants help, and are replaced when one of them is lost.

import { Fault } from '../../base/fault.ts'
import type { Crew } from '../../models/crew.ts'
import { type CrewOptions, type OpenCrew, openCrew } from './crew.ts'

/** `helpers` may be 0: nobody helps. */
export type LazyCrewOptions = CrewOptions & {
  /** Told where threads cannot be had: fits go on alone, and come to the same. */
  readonly onRefused: (fault: Fault) => void
}

export interface LazyCrew {
  /** Undefined where nobody helps. */
  crew(): Promise<Crew | undefined>
  close(): Promise<void>
}

/**
 * A fit that loses a helper fails with `THREAD_LOST`; the next one gets new threads.
 *
 * @example
 * const threads = lazyCrew({ thread, helpers: 3, onRefused: fault => log(fault.message) })
 * randomForest().fit(set, { rng, crew: await threads.crew() })
 */
export function lazyCrew({ onRefused, ...options }: LazyCrewOptions): LazyCrew {
  let opening: Promise<OpenCrew | undefined> | undefined

  const open = async (): Promise<OpenCrew | undefined> => {
    try {
      return await openCrew(options)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      onRefused(cause)
      return undefined
    }
  }
  const close = async (): Promise<void> => {
    const crew = await opening
    opening = undefined
    await crew?.close()
  }
  /** After a loss nobody knows what the others are still at. */
  const watched = (crew: OpenCrew): Crew => ({
    helpers: crew.helpers,
    start(job, task) {
      const finish = crew.start(job, task)
      return () => {
        try {
          return finish()
        } catch (cause) {
          if (cause instanceof Fault && cause.code === 'THREAD_LOST') void close()
          throw cause
        }
      }
    },
  })
  return {
    async crew() {
      if (options.helpers === 0) return undefined
      opening ??= open()
      const crew = await opening
      return crew && watched(crew)
    },
    close,
  }
}
