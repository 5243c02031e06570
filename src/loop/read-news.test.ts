import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { loadConfig } from '../base/config.ts'
import { replaceFile } from '../base/disk.ts'
import type { Market } from './import-series.ts'
import { newsPath, readNews, withNews } from './read-news.ts'
import { settingsSchema } from './settings.ts'

const settings = loadConfig(settingsSchema, { env: {}, sets: [] })
const MINUTE_MS = 60_000
const start = Date.parse('2026-01-28T18:00:00Z')

async function diskWith(text?: string | Uint8Array) {
  const disk = memoryDisk()
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  if (bytes !== undefined) await replaceFile(disk, 'state/data/news.csv', bytes)
  return disk
}

const market = (barMs: number) =>
  ({ series: { barMs, bars: [{ knownAt: start }, { knownAt: start + MINUTE_MS }] } }) as unknown as Market

test('the table lies in the state directory, or where the configuration says', () => {
  assert.equal(newsPath('state', settings), 'state/data/news.csv')
  const elsewhere = loadConfig(settingsSchema, { env: {}, sets: ['data.newsFile=/etc/news.csv'] })
  assert.equal(newsPath('state', elsewhere), '/etc/news.csv')
})

test('without a file there is no table, and intraday bars are told so; daily bars need none', async () => {
  const ports = { disk: await diskWith(), settings }
  assert.equal(await readNews('state', ports), undefined)
  assert.match((await withNews(market(MINUTE_MS), 'state', ports)).gap ?? '', /no table of scheduled news/)
  assert.equal((await withNews(market(86_400_000), 'state', ports)).gap, undefined)
})

test('a table goes with the market, under the hash of its bytes', async () => {
  const text = 'time,importance,event\n2026-01-28T18:00:00Z,1,FOMC\n2026-01-29T13:30:00Z,0.5,GDP\n'
  const { market: known, gap } = await withNews(market(MINUTE_MS), 'state', { disk: await diskWith(text), settings })
  assert.equal(gap, undefined)
  assert.equal(known.news?.table.events.length, 2)
  assert.match(known.news.sha256, /^[0-9a-f]{64}$/)
})

test('a file that is no text is refused', async () => {
  const ports = { disk: await diskWith(new Uint8Array([0xff, 0xfe, 0x00])), settings }
  await assert.rejects(readNews('state', ports), { code: 'NEWS_SYNTAX' })
})
