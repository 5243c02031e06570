// FRED as its documents describe it: a key in the query, values by real-time period clipped to the window that is asked for, pages by offset,
// and no more than 2,000 vintages in one answer.

import type { TestContext } from 'node:test'
import type { VintageRow } from '../../src/data/macro.ts'
import { type Answered, type VendorServer, vendorServer } from './server.ts'

export const FRED_KEY = 'fredcanary0123456789abcdef012345'
const END = '9999-12-31'
const MOST_VINTAGES = 2000

export type FredSeries = {
  readonly title: string
  readonly units: string
  readonly frequency_short: string
  readonly rows: readonly VintageRow[]
  /** Forgets when values came: one vintage, today's. */
  readonly withoutVintages?: true
}

export type FredOptions = {
  readonly series: Readonly<Record<string, FredSeries>>
  /** The archive's today. */
  readonly today: string
  /** Rows of a page, whatever is asked for. */
  readonly pageRows?: number
}

const bad = (text: string): Answered => ({
  status: 400,
  body: { error_code: 400, error_message: `Bad Request.  ${text}` },
})

/** What stood within a window, each period clipped to it; a value that stood on goes on. */
function standing(rows: readonly VintageRow[], from: string, to: string) {
  const byDate = Map.groupBy(rows, ({ date }) => date)
  return [...byDate.values()].flatMap(list => {
    const sorted = list.toSorted((a, b) => (a.since < b.since ? -1 : 1))
    return sorted.flatMap(({ date, value, since }, index) => {
      const next = sorted[index + 1]?.since ?? END
      if (since > to || (next !== END && next <= from)) return []
      const realtime_start = since < from ? from : since
      return [{ realtime_start, realtime_end: END, date, value: value === null ? '.' : String(value) }]
    })
  })
}

export async function fredServer(context: TestContext, options: FredOptions): Promise<VendorServer> {
  const { series, today, pageRows = 100_000 } = options
  return vendorServer(context, ({ url }): Answered => {
    const query = (name: string) => url.searchParams.get(name) ?? ''
    if (query('api_key') !== FRED_KEY) return bad('The value for variable api_key is not registered.')
    const factsOf = (id: string) => {
      const { title, units, frequency_short } = series[id]!
      return { id, title, units, frequency_short, last_updated: today }
    }
    const offset = Number(query('offset'))
    const paged = (name: string, all: readonly unknown[]): Answered => {
      const part = all.slice(offset, offset + Math.min(pageRows, Number(query('limit'))))
      return {
        status: 200,
        body: { realtime_start: today, realtime_end: today, count: all.length, offset, [name]: part },
      }
    }
    const path = url.pathname.replace(/^\/fred\//, '')
    if (path === 'series/search') {
      const words = query('search_text').toLowerCase()
      const found = Object.keys(series).filter(id => series[id]!.title.toLowerCase().includes(words))
      return paged('seriess', found.map(factsOf))
    }
    if (path === 'category') return { status: 200, body: { categories: [{ id: 1, name: 'Prices', parent_id: 0 }] } }
    if (path === 'release') return { status: 200, body: { releases: [{ id: 10, name: 'Consumer Price Index' }] } }
    if (path === 'category/series' || path === 'release/series')
      return paged('seriess', Object.keys(series).map(factsOf))
    const id = query('series_id')
    const known = series[id]
    if (known === undefined) return bad('The series does not exist.')
    if (path === 'series') return { status: 200, body: { seriess: [factsOf(id)] } }
    const days = known.withoutVintages === true ? [today] : [...new Set(known.rows.map(({ since }) => since))].sort()
    if (path === 'series/vintagedates') return paged('vintage_dates', days)
    if (path !== 'series/observations') return { status: 404, body: {} }
    const [from, to] = [query('realtime_start') || today, query('realtime_end') || today]
    if (days.filter(day => day >= from && day <= to).length > MOST_VINTAGES) {
      return bad('The number of vintage dates requested exceeds the maximum number of vintage dates allowed (2000).')
    }
    return paged('observations', standing(known.rows, from, to))
  })
}
