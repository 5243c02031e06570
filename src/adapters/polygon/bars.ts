// Polygon.io as a vendor of bars: aggregates by range, page by page, and the previous close. Names of Polygon's world end in this folder.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { BarPage, BarRange, BarVendor, VendorBar } from '../../data/vendor.ts'
import { DAY_MS, isDaily } from '../../market/bar.ts'
import { dayLabel, zone } from '../../market/calendars/zone.ts'
import { type JsonApiOptions, type JsonVendor, jsonApi } from '../http/json-api.ts'
import { shown } from '../http/origin.ts'

/** Most base aggregates that one page is made of; Polygon's own limit. */
const PAGE_ROWS = 50_000

const aggregate = z.object({
  t: z.int().min(0),
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  /** Indices have none. */
  v: z.number().default(0),
})

const pageSchema = z.object({
  status: z.enum(['OK', 'DELAYED']),
  ticker: z.string().optional(),
  adjusted: z.boolean().optional(),
  /** Left out where there are none. */
  results: z.array(aggregate).max(PAGE_ROWS).default([]),
  next_url: z.string().min(1).max(4096).optional(),
})

const POLYGON: JsonVendor = {
  name: 'polygon',
  keyName: 'POLYGON_API_KEY',
  keyIn: 'bearer',
  saysWhy: z
    .object({ error: z.string().optional(), message: z.string().optional() })
    .transform(({ error, message }) => error ?? message ?? 'no reason given'),
}

const UNITS = [
  [DAY_MS, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const

/** Pages without anything new after which the vendor is taken to run in a circle. */
const IDLE_PAGES = 3

const NEW_YORK = zone('America/New_York')

/** Days of currencies and coins are UTC days, all others New York's. */
const labelOf = (symbol: string, time: number): number =>
  /^[CX]:/.test(symbol) ? Math.floor(time / DAY_MS) : NEW_YORK.wall(time).day

function rangePath({ symbol, barMs, from, to }: BarRange): string {
  const [size, timespan] = UNITS.find(([size]) => barMs % size === 0) ?? [1, '']
  if (timespan === '' || barMs > DAY_MS) {
    throw new Fault('USAGE', 'Polygon has bars of whole seconds, minutes and hours, and of one day', {
      place: '--bar',
      fix: 'ask for one of these, e.g. --bar 1m',
    })
  }
  // Both ends are inclusive there: dates for days, milliseconds for all else.
  const [first, last] = isDaily(barMs) ? [dayLabel(from / DAY_MS), dayLabel(to / DAY_MS - 1)] : [from, to - 1]
  return `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/${barMs / size}/${timespan}/${first}/${last}`
}

/** Faults: those of `jsonApi`. */
export function polygonBars(options: JsonApiOptions): BarVendor {
  const api = jsonApi(POLYGON, options)
  const under = (path: string, query: Readonly<Record<string, string>>): URL => {
    const url = new URL(api.base)
    url.pathname = `${api.base.pathname.replace(/\/+$/, '')}${path}`
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }

  async function ask(url: URL, symbol: string, adjusted: boolean, signal: AbortSignal) {
    const { value, sha256 } = await api.get(url, pageSchema, signal)
    if ((value.ticker ?? symbol) !== symbol || (value.adjusted ?? adjusted) !== adjusted) {
      throw new Fault('SOURCE_MALFORMED', 'the answer is about something else than was asked for', {
        place: shown(url),
      })
    }
    return { ...value, sha256 }
  }

  const barOf =
    (symbol: string, daily: boolean) =>
    ({ t, o, h, l, c, v }: z.infer<typeof aggregate>): VendorBar => ({
      time: daily ? labelOf(symbol, t) * DAY_MS : t,
      open: o,
      high: h,
      low: l,
      close: c,
      volume: v,
    })

  /** The key goes with every page, so a page elsewhere is not asked for. */
  const nextPage = (text: string, from: URL): URL => {
    const next = URL.parse(text)
    if (next !== null && next.origin === api.base.origin && next.username === '') return next
    throw new Fault('SOURCE_NEXT_URL', 'the next page is said to lie on another host', { place: shown(from) })
  }

  return {
    source: 'polygon',
    health: () => api.health(),
    async *pages(range, signal): AsyncGenerator<BarPage> {
      const { symbol, barMs, from, to, adjusted } = range
      const query = { adjusted: String(adjusted), sort: 'asc', limit: String(PAGE_ROWS) }
      let url: URL | undefined = under(rangePath(range), query)
      let newest = Number.NEGATIVE_INFINITY
      for (let idle = 0; url !== undefined; ) {
        const { results, next_url, sha256 } = await ask(url, symbol, adjusted, signal)
        const bars = results.map(barOf(symbol, isDaily(barMs)))
        const outside = bars.find(({ time }) => time <= from - barMs || time >= to)
        if (outside !== undefined) {
          const time = new Date(outside.time).toISOString()
          throw new Fault('SOURCE_MALFORMED', `a bar of ${time} lies outside the range`, { place: shown(url) })
        }
        const last = bars.reduce((latest, { time }) => Math.max(latest, time), newest)
        idle = last > newest ? 0 : idle + 1
        newest = last
        if (next_url !== undefined && idle >= IDLE_PAGES) {
          throw new Fault('SOURCE_NO_PROGRESS', `${idle} pages in a row bring nothing new`, { place: shown(url) })
        }
        url = next_url === undefined ? undefined : nextPage(next_url, url)
        yield { bars, sha256, last: url === undefined }
      }
    },
    async previousClose(symbol, adjusted, signal) {
      const url = under(`/v2/aggs/ticker/${encodeURIComponent(symbol)}/prev`, { adjusted: String(adjusted) })
      const { results } = await ask(url, symbol, adjusted, signal)
      const [bar] = results.map(barOf(symbol, true))
      if (bar !== undefined) return bar
      throw new Fault('DATA_EMPTY', `Polygon has no finished session of ${symbol}`, {
        place: shown(url),
        fix: 'check the spelling of the symbol',
      })
    },
  }
}
