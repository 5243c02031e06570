// What breakers know, kept over a restart: a place that was left alone is not asked at once because a process began anew (REL-45, case 162).

import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { type Disk, replaceFile } from '../disk.ts'
import { Fault } from '../fault.ts'
import { jsonText } from '../json-text.ts'
import type { BreakerMark } from './breaker.ts'

/** By operation key. */
export type BreakerMarks = ReadonlyMap<string, BreakerMark>

export interface BreakerMemory {
  /** As of now: the time since they were kept is taken off. Empty where nothing was kept. Faults: `BREAKERS_UNREADABLE`, those of the disk. */
  load(): Promise<BreakerMarks>
  save(marks: BreakerMarks): Promise<void>
}

export type BreakerFileOptions = {
  readonly disk: Disk
  /** The state directory; where there is none nothing is kept. */
  readonly directory: string
  /** The wall's, for it goes on while nobody runs. */
  readonly clock: Clock
}

const CAP = 256 * 1024
const ms = z.number().min(0)

const fileSchema = z.strictObject({
  schema: z.literal('ratchet.breakers/1'),
  at: z.int(),
  breakers: z.record(
    z.string(),
    z.strictObject({ openForMs: ms.nullable(), openings: z.int().min(0), failures: z.int().min(0), quietForMs: ms }),
  ),
})

/** @example breakerFile({ disk, directory: '.ratchet', clock }) // .ratchet/state/breakers.json */
export function breakerFile({ disk, directory, clock }: BreakerFileOptions): BreakerMemory {
  const path = `${directory}/state/breakers.json`
  return {
    async load() {
      if ((await disk.stat(path)) === undefined) return new Map()
      const text = new TextDecoder().decode(await disk.read(path, CAP))
      const { data, error } = jsonText.pipe(fileSchema).safeParse(text)
      if (data === undefined) {
        throw new Fault('BREAKERS_UNREADABLE', 'what was known of failing places cannot be read', {
          place: path,
          fix: 'nothing needs to be done: each place is asked once to find out; the file is written anew',
          cause: error,
        })
      }
      // A clock that was set back takes nothing off.
      const passed = Math.max(0, clock.now() - data.at)
      return new Map(
        Object.entries(data.breakers).map(([key, mark]) => [
          key,
          {
            ...mark,
            openForMs: mark.openForMs === null ? null : Math.max(0, mark.openForMs - passed),
            quietForMs: mark.quietForMs + passed,
          },
        ]),
      )
    },
    async save(marks) {
      if ((await disk.stat(directory)) === undefined) return
      const breakers = Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1)))
      const text = JSON.stringify({ schema: 'ratchet.breakers/1', at: clock.now(), breakers })
      await replaceFile(disk, path, new TextEncoder().encode(text), 0o600)
    },
  }
}
