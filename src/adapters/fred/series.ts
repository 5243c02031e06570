// FRED, the archive of the St. Louis Fed, as a vendor of economic series. Names of FRED's world end in this folder.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import { FREQUENCIES, type MacroFacts } from '../../data/macro.ts'
import type { MacroVendor, Window } from '../../data/macro-vendor.ts'
import { type JsonApiOptions, type JsonVendor, jsonApi } from '../http/json-api.ts'
import { shown } from '../http/origin.ts'

/** Most rows of an answer; FRED's own limits. */
const OBSERVATIONS = 100_000
const VINTAGES = 10_000
const SERIES = 1000

const FRED: JsonVendor = {
  name: 'fred',
  keyName: 'FRED_API_KEY',
  keyIn: { query: 'api_key' },
  saysWhy: z.object({ error_message: z.string() }).transform(({ error_message }) => error_message),
}

const date = z.string().regex(/^\d{4}-\d\d-\d\d$/)

const factsSchema = z
  .object({ id: z.string(), title: z.string(), units: z.string(), frequency_short: z.enum(FREQUENCIES) })
  .transform(({ frequency_short: frequency, ...rest }): MacroFacts => ({ ...rest, frequency }))

const page = { count: z.int().min(0), offset: z.int().min(0) }
/** FRED misspells the key of its lists of series. */
const listSchema = z.object({ ...page, seriess: z.array(factsSchema) })
const vintageSchema = z.object({ ...page, vintage_dates: z.array(date) })
/** A period without a value is a point. */
const valueSchema = z.union([
  z.literal('.').transform(() => null),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/)
    .transform(Number),
])
const observationsSchema = z.object({
  ...page,
  observations: z.array(z.object({ realtime_start: date, date, value: valueSchema })),
})
const named = z.array(z.object({ name: z.string() })).min(1)

/** Faults: those of `jsonApi`. */
export function fredSeries(options: JsonApiOptions): MacroVendor {
  const api = jsonApi(FRED, options)

  const urlOf = (path: string, query: Readonly<Record<string, string | number>>): URL => {
    const url = new URL(api.base)
    url.pathname = `${api.base.pathname.replace(/\/+$/, '')}/${path}`
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    url.searchParams.set('file_type', 'json')
    return url
  }

  /** All pages of a list, one after the other. */
  async function all<Page extends { count: number; offset: number }, Item>(
    path: string,
    query: Readonly<Record<string, string | number>>,
    { schema, items, limit }: { schema: z.ZodType<Page>; items: (page: Page) => readonly Item[]; limit: number },
    signal: AbortSignal,
  ) {
    const found: Item[] = []
    const hashes: string[] = []
    for (;;) {
      const url = urlOf(path, { ...query, limit, offset: found.length })
      const { value, sha256 } = await api.get(url, schema, signal)
      const more = items(value)
      if (value.offset !== found.length || (more.length === 0 && found.length < value.count)) {
        throw new Fault('SOURCE_MALFORMED', 'a page is not the one that was asked for', { place: shown(url) })
      }
      for (const item of more) found.push(item)
      hashes.push(sha256)
      if (found.length >= value.count) return { found, hashes }
    }
  }

  const list = async (path: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal) => {
    const url = urlOf(path, { ...query, limit: SERIES })
    return (await api.get(url, listSchema, signal)).value.seriess
  }

  return {
    source: 'fred',
    health: () => api.health(),
    async series(id, signal) {
      const url = urlOf('series', { series_id: id })
      const { value } = await api.get(url, z.object({ seriess: z.array(factsSchema).min(1) }), signal)
      const [facts] = value.seriess
      if (facts!.id === id) return facts!
      throw new Fault('SOURCE_MALFORMED', 'the answer is about another series', { place: shown(url) })
    },
    async vintageDates(id, signal) {
      const pages = { schema: vintageSchema, items: (page: z.infer<typeof vintageSchema>) => page.vintage_dates }
      const { found } = await all('series/vintagedates', { series_id: id }, { ...pages, limit: VINTAGES }, signal)
      return found.toSorted()
    },
    async observations(id: string, window: Window | undefined, signal) {
      const realtime: Readonly<Record<string, string>> =
        window === undefined ? {} : { realtime_start: window.from, realtime_end: window.to }
      const pages = {
        schema: observationsSchema,
        items: (page: z.infer<typeof observationsSchema>) => page.observations,
      }
      const query = { series_id: id, ...realtime, output_type: 1, sort_order: 'asc' }
      const { found, hashes } = await all('series/observations', query, { ...pages, limit: OBSERVATIONS }, signal)
      return { hashes, rows: found.map(({ realtime_start: since, ...row }) => ({ ...row, since })) }
    },
    search: (text, signal) => list('series/search', { search_text: text }, signal),
    async category(id, signal) {
      const { value } = await api.get(urlOf('category', { category_id: id }), z.object({ categories: named }), signal)
      return { name: value.categories[0]!.name, series: await list('category/series', { category_id: id }, signal) }
    },
    async release(id, signal) {
      const { value } = await api.get(urlOf('release', { release_id: id }), z.object({ releases: named }), signal)
      return { name: value.releases[0]!.name, series: await list('release/series', { release_id: id }, signal) }
    },
  }
}
