// The trials of a search as they are kept beside the state, so that a search that was killed goes on.

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import type { Trial } from '../training/search/trial.ts'

const FILE_CAP = 16 * 1024 * 1024

const savedSchema = z.array(
  z.strictObject({
    number: z.int().min(1),
    unit: z.array(z.number()),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    resource: z.number(),
    values: z.array(z.number()),
    value: z.number().nullable(),
    fault: z.string().nullable(),
    wallMs: z.number(),
    cpuMs: z.number(),
  }),
)

export interface SavedTrials {
  /** None where there was no earlier sitting. Fault: `SEARCH_DAMAGED`: what was done must not be done again as if nothing had been. */
  load(): Promise<Trial[]>
  /** All of them, in place of those of before. */
  save(trials: readonly Trial[]): Promise<void>
}

/** @param act names the search */
export function savedTrials(disk: Disk, directory: string, act: string): SavedTrials {
  const folder = `${directory}/searches`
  const path = `${folder}/${act}.json`
  return {
    async load() {
      if ((await disk.stat(path)) === undefined) return []
      try {
        return savedSchema.parse(JSON.parse(new TextDecoder().decode(await disk.read(path, FILE_CAP))))
      } catch (cause) {
        if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause
        throw new Fault('SEARCH_DAMAGED', 'the saved trials of this search cannot be read', {
          place: path,
          fix: 'remove the file to begin the search anew',
          cause,
        })
      }
    },
    async save(trials) {
      await disk.makeDirectory(folder)
      await replaceFile(disk, path, new TextEncoder().encode(canonicalJson(trials)))
    },
  }
}
