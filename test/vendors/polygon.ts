// Polygon's aggregates as its documents describe them: inclusive ranges, pages that follow each other by `next_url`, a key in a header.

import type { TestContext } from 'node:test'
import type { VendorBar } from '../../src/data/vendor.ts'
import { zone } from '../../src/market/calendars/zone.ts'
import { type VendorServer, vendorServer } from './server.ts'

export const POLYGON_KEY = 'pk-canary-7f3a91'

const DAY_MS = 86_400_000
const NEW_YORK = zone('America/New_York')

export type PolygonOptions = {
  readonly symbol?: string
  /** Daily bars carry their label. */
  readonly bars: readonly VendorBar[]
  /** Rows of a page, whatever is asked for. */
  readonly pageRows: number
}

/** Minute bars of the regular sessions of these days, a random walk from 100. */
export function minuteBars(days: readonly string[]): VendorBar[] {
  let close = 100
  return days.flatMap(day => {
    const open = NEW_YORK.utc(Date.parse(`${day}T00:00:00Z`) / DAY_MS, 570)
    return Array.from({ length: 390 }, (_, minute) => {
      const before = close
      close = Math.round((close + Math.sin(minute * 1.7 + open / 1e9) * 0.2) * 100) / 100
      const [high, low] = [Math.max(before, close), Math.min(before, close)]
      return { time: open + minute * 60_000, open: before, high, low, close, volume: 100 + (minute % 7) }
    })
  })
}

export async function polygonServer(context: TestContext, options: PolygonOptions): Promise<VendorServer> {
  const { symbol = 'AAPL', bars, pageRows } = options
  const server: VendorServer = await vendorServer(context, ({ url, authorization }) => {
    if (authorization !== `Bearer ${POLYGON_KEY}`) {
      return { status: 401, body: { status: 'ERROR', request_id: 'x', error: 'Unknown API Key' } }
    }
    const adjusted = url.searchParams.get('adjusted') === 'true'
    const common = { ticker: symbol, adjusted, request_id: 'x', status: 'OK' }
    if (url.pathname === `/v2/aggs/ticker/${symbol}/prev`) {
      return { status: 200, body: { ...common, resultsCount: 1, results: bars.slice(-1).map(row) } }
    }
    const asked = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/(\d+)\/(\w+)\/([^/]+)\/([^/]+)$/.exec(url.pathname)
    if (asked === null) return { status: 404, body: { status: 'NOT_FOUND', message: 'no such page' } }
    const [, ticker, , timespan, from = '', to = ''] = asked
    const ms = (text: string) => (timespan === 'day' ? Date.parse(`${text}T00:00:00Z`) : Number(text))
    const cursor = Number(url.searchParams.get('cursor') ?? '0')
    const all =
      decodeURIComponent(ticker!) !== symbol ? [] : bars.filter(({ time }) => time >= ms(from) && time <= ms(to))
    const rest = all.filter(({ time }) => time > cursor)
    const page = rest.slice(0, pageRows)
    // As there: nothing stands where there is nothing.
    const results = page.length === 0 ? {} : { results: page.map(bar => row(bar, timespan === 'day')) }
    const next = new URL(url)
    next.searchParams.set('cursor', String(page.at(-1)?.time ?? 0))
    const more = rest.length > pageRows ? { next_url: next.href } : {}
    return { status: 200, body: { ...common, queryCount: page.length, resultsCount: page.length, ...results, ...more } }
  })
  return server
}

/** Daily bars are stamped with New York's midnight. */
const row = ({ time, open, high, low, close, volume }: VendorBar, daily: boolean | number = true) => ({
  v: volume,
  vw: (open + close) / 2,
  o: open,
  c: close,
  h: high,
  l: low,
  t: daily === false ? time : NEW_YORK.utc(time / DAY_MS, 0),
  n: 10,
})
