// Economic series on disk: `series/<id>/<hash>.json` for each version, never overwritten, and `series/<id>/newest.json`.

import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { type Disk, replaceFile } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { jsonText } from '../../base/json-text.ts'
import { FREQUENCIES, type MacroSeries } from '../../data/macro.ts'
import type { MacroStore, MacroVersion } from '../../data/macro-store.ts'

const SERIES_CAP = 1 << 28
const VERSION_CAP = 1 << 16

const seriesSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  units: z.string(),
  frequency: z.enum(FREQUENCIES),
  source: z.literal('fred'),
  provenance: z.enum(['real', 'simulated']),
  vintages: z.boolean(),
  revisions: z.array(z.strictObject({ date: z.string(), value: z.number().nullable(), publishedAt: z.int() })),
})

const versionSchema = z.strictObject({
  id: z.string(),
  hash: z.string(),
  title: z.string(),
  vintages: z.boolean(),
  revisions: z.int(),
  polledAt: z.number(),
  lineage: z.strictObject({ path: z.string(), sha256: z.string() }),
})

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value))

const isId = (id: string): boolean => /^[A-Za-z0-9_.-]{1,64}$/.test(id) && !id.startsWith('.')

/** @param root folder of the data, e.g. `<state>/data` */
export function macroStore(disk: Disk, root: string): MacroStore {
  const folderOf = (id: string) => `${root}/series/${id}`
  const newestOf = async (id: string): Promise<MacroVersion | undefined> => {
    const path = `${folderOf(id)}/newest.json`
    if (!isId(id) || (await disk.stat(path)) === undefined) return undefined
    const text = new TextDecoder().decode(await disk.read(path, VERSION_CAP))
    const version = jsonText.pipe(versionSchema).safeParse(text).data
    if (version !== undefined) return version
    throw corrupt(path)
  }
  return {
    async save(series, { polledAt, lineage }) {
      if (!isId(series.id)) {
        throw new Fault('DATA_SERIES_NAME', 'the id of a series is letters, digits, points, dashes and underscores', {
          place: series.id.slice(0, 80),
          fix: 'check the spelling',
        })
      }
      const bytes = encode(series)
      const { id, title, vintages, revisions } = series
      const hash = sha256(bytes)
      const path = `${folderOf(id)}/${hash}.json`
      if ((await disk.stat(path)) === undefined) await replaceFile(disk, path, bytes)
      const version: MacroVersion = { id, hash, title, vintages, revisions: revisions.length, polledAt, lineage }
      await replaceFile(disk, `${folderOf(id)}/newest.json`, encode(version))
      return version
    },
    async load(id): Promise<MacroSeries> {
      const version = await newestOf(id)
      if (version === undefined) {
        throw new Fault('DATA_NONE_STORED', `no series ${id} is stored`, {
          fix: `fetch it: ratchet data fetch fred --series ${id}`,
        })
      }
      const path = `${folderOf(id)}/${version.hash}.json`
      const bytes = await disk.read(path, SERIES_CAP)
      if (sha256(bytes) !== version.hash) throw corrupt(path)
      return jsonText.pipe(seriesSchema).parse(new TextDecoder().decode(bytes))
    },
    async list() {
      const found: MacroVersion[] = []
      for (const { name } of await disk.list(`${root}/series`)) {
        const version = await newestOf(name)
        if (version !== undefined) found.push(version)
      }
      return found
    },
  }
}

const corrupt = (path: string): Fault =>
  new Fault('DATA_SERIES_CORRUPT', 'a stored series is no longer what was stored', {
    place: path,
    fix: 'fetch the series again',
  })
