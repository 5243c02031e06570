import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import { Fault } from '../base/fault.ts'
import type { ImportReport } from '../data/report.ts'
import { type Bar, DAY_MS } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { barGaps, gapWords, refuseGaps } from './bar-gaps.ts'

const calendar = calendarOf('nyse')
const clean: ImportReport = {
  file: 'bars.csv',
  symbol: 'SPX',
  barMs: DAY_MS,
  calendar: 'nyse',
  rowsRead: 0,
  stored: 0,
  duplicates: 0,
  conflicts: 0,
  outOfOrder: 0,
  rejected: 0,
  quarantined: 0,
  firstRejects: [],
  firstTime: '',
  lastTime: '',
  hasVolume: true,
  warnings: [],
  excludedDates: [],
  missingBars: 0,
  fileSha256: '',
}
const gapsOf = (bars: readonly Bar[], barMs: number, report: Partial<ImportReport> = {}) =>
  barGaps({
    series: {
      symbol: 'SPX',
      barMs,
      hasVolume: true,
      bars,
      snapshotId: 's',
      source: 'file',
      provenance: 'real',
    },
    calendar,
    report: { ...clean, ...report },
  })

test('twenty years of daily bars have every session of the exchange, closings and holidays known', () => {
  const gaps = gapsOf(sp500Bars(), DAY_MS)
  assert.deepEqual(gapWords(gaps), [])
  refuseGaps('SPX', gaps)
})

test('a session without its bar is missing by its day, one that the import held back is not', () => {
  const bars = sp500Bars(300).filter((_, i) => i !== 100 && i !== 200)
  const [first, second] = [sp500Bars(300)[100]!, sp500Bars(300)[200]!].map(({ time }) => new Date(time).toISOString())
  const text = (time: string) => ({ line: 1, reason: 'quarantined: a price spike', text: `${time},1,1,1,1,1` })
  assert.deepEqual(gapsOf(bars, DAY_MS).days, [first!.slice(0, 10), second!.slice(0, 10)])
  const held = gapsOf(bars, DAY_MS, { quarantined: 1, firstRejects: [text(first!)] })
  assert.deepEqual([held.missing, held.heldBack, held.days], [1, 1, [second!.slice(0, 10)]])
})

test('whatever is not whole is listed, kind by kind, and refused', () => {
  const gaps = gapsOf(sp500Bars(50), DAY_MS, { duplicates: 2, conflicts: 1, outOfOrder: 4, rejected: 5 })
  assert.deepEqual(gapWords(gaps), ['3 twice', '4 out of order', '5 unreadable'])
  assert.throws(
    () => refuseGaps('SPX', gaps),
    (fault: unknown) => fault instanceof Fault && fault.code === 'BARS_GAPS' && /--allow-gaps/.test(fault.fix ?? ''),
  )
})

test('minutes that are missing inside a session are counted', () => {
  const open = Date.parse('2024-01-03T14:30:00Z')
  const minute = (i: number): Bar => {
    const time = open + i * 60_000
    return { time, knownAt: time + 60_000, open: 1, high: 1, low: 1, close: 1, volume: 1 }
  }
  const whole = Array.from({ length: 390 }, (_, i) => minute(i))
  assert.equal(gapsOf(whole, 60_000).missing, 0)
  assert.equal(
    gapsOf(
      whole.filter((_, i) => i % 100 !== 50),
      60_000,
    ).missing,
    4,
  )
})
