// What a fetch has brought so far, page by page on disk: whoever kills it loses one page, and the next fetch goes on behind the last.

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { jsonText } from '../base/json-text.ts'
import type { VendorBar } from '../data/vendor.ts'

const PAGE_CAP = 1 << 26

const row = z.tuple([z.int(), z.number(), z.number(), z.number(), z.number(), z.number()])
const pageSchema = z.strictObject({
  number: z.int().min(0),
  /** Everything before this, ms UTC, has come. */
  through: z.int(),
  /** Of the answer. */
  sha256: z.string(),
  rows: z.array(row),
  /** Of the rows as they stand here. */
  rowsSha256: z.string(),
})

export type StagedPage = { readonly through: number; readonly sha256: string; readonly bars: readonly VendorBar[] }

export interface FetchStage {
  /** Whole pages from the first on; what lies behind a damaged one is not believed. */
  pages(): Promise<readonly StagedPage[]>
  append(number: number, page: StagedPage): Promise<void>
  clear(): Promise<void>
}

const nameOf = (number: number): string => `${String(number).padStart(6, '0')}.json`

/** @param folder of this one fetch */
export function fetchStage(disk: Disk, folder: string): FetchStage {
  return {
    async pages() {
      const found: StagedPage[] = []
      for (const { name } of await disk.list(folder)) {
        if (name !== nameOf(found.length)) continue
        const page = await readPage(disk, `${folder}/${name}`, found.length)
        if (page === undefined) break
        found.push(page)
      }
      return found
    },
    async append(number, { through, sha256: answer, bars }) {
      const rows = bars.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume])
      const page = { number, through, sha256: answer, rows, rowsSha256: sha256(JSON.stringify(rows)) }
      await replaceFile(disk, `${folder}/${nameOf(number)}`, new TextEncoder().encode(canonicalJson(page)))
    },
    clear: () => disk.remove(folder),
  }
}

async function readPage(disk: Disk, path: string, number: number): Promise<StagedPage | undefined> {
  const bytes = await disk.read(path, PAGE_CAP).catch((cause: unknown) => {
    // Unreadable is as good as not fetched.
    if (cause instanceof Fault) return undefined
    throw cause
  })
  const page = jsonText.pipe(pageSchema).safeParse(new TextDecoder().decode(bytes)).data
  if (page === undefined || page.number !== number || page.rowsSha256 !== sha256(JSON.stringify(page.rows))) {
    return undefined
  }
  const bars = page.rows.map(([time, open, high, low, close, volume]) => ({ time, open, high, low, close, volume }))
  return { through: page.through, sha256: page.sha256, bars }
}
