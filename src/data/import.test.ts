import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { sharedData, skipWithoutData } from '../../test/shared-data.ts'
import { csvSource, fileSha256 } from '../adapters/files/csv.ts'
import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { zone } from '../market/calendars/zone.ts'
import { type ImportOptions, importBars } from './import.ts'

const folder = mkdtempSync(join(tmpdir(), 'ratchet-import-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const NOW = Date.parse('2026-01-01T00:00:00Z')
const OPTIONS: ImportOptions = { symbol: 'X', maxBad: 0.01, now: NOW, fileSha256: '' }

async function importText(content: string | Uint8Array, options: Partial<ImportOptions> = {}, name = 'bars.csv') {
  const path = join(folder, name)
  writeFileSync(path, content)
  return importBars(await csvSource(path), { ...OPTIONS, ...options })
}

const HEADER = 'time,open,high,low,close,volume\n'
/** Sound hourly bars around 100, from 2024-01-02 14:00Z on. */
const sound = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const close = 100 + Math.sin(i)
    return `${new Date(Date.parse('2024-01-02T14:00:00Z') + i * 3_600_000).toISOString()},100,${close + 2},97,${close},10`
  })
const csv = (lines: readonly string[], header = HEADER) => `${header}${lines.join('\n')}\n`

const BAD: readonly (readonly [
  what: string,
  content: string | Uint8Array,
  code: string,
  place: RegExp,
  options?: Partial<ImportOptions>,
  name?: string,
])[] = [
  ['an empty file', '', 'DATA_EMPTY', /bars\.csv/],
  ['a header alone', HEADER, 'DATA_EMPTY', /bars\.csv/],
  ['one row', csv(sound(1)), 'DATA_TOO_SHORT', /bars\.csv/],
  ['no time column', csv(sound(3), 'when,open,high,low,close,volume\n'), 'DATA_COLUMN_MISSING', /:1$/],
  ['no close column', csv(sound(3), 'time,open,high,low,last,volume\n'), 'DATA_COLUMN_MISSING', /:1$/],
  ['a mapped column that is not there', csv(sound(3)), 'DATA_COLUMN_MISSING', /:1$/, { map: { close: 'Adj' } }],
  ['a column twice', csv(sound(3), 'time,open,high,low,close,close\n'), 'DATA_COLUMN_TWICE', /:1$/],
  ['no symbol anywhere', csv(sound(3)), 'DATA_SYMBOL_MISSING', /bars\.csv/, { symbol: undefined }],
  [
    'another symbol than the one asked for',
    csv(
      sound(3).map(line => `Y,${line}`),
      `symbol,${HEADER}`,
    ),
    'DATA_SYMBOL_ABSENT',
    /bars\.csv/,
  ],
  ['times without a zone', csv(['2024-01-02 09:30:00,1,2,1,2,1']), 'DATA_TIME_ZONE', /:2$/],
  ['times that are words', csv(['yesterday,1,2,1,2,1', 'today,1,2,1,2,1']), 'DATA_BAD_ROWS', /:2$/],
  ['a date that does not exist', csv(['2023-02-29,1,2,1,2,1', ...sound(3)]), 'DATA_BAD_ROWS', /:2$/],
  ['an hour that does not exist', csv(['2024-01-02T25:00:00Z,1,2,1,2,1', ...sound(3)]), 'DATA_BAD_ROWS', /:2$/],
  ['times in the future', csv(sound(3)), 'DATA_BAD_ROWS', /:2$/, { now: 0 }],
  ['a price that is a word', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,1,abc,1']), 'DATA_BAD_ROWS', /:5$/],
  ['an empty price', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,1,,1']), 'DATA_BAD_ROWS', /:5$/],
  ['a price of zero', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,0,1,1']), 'DATA_BAD_ROWS', /:5$/],
  ['a negative price', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,-1,1,1']), 'DATA_BAD_ROWS', /:5$/],
  ['an infinite price', csv([...sound(3), '2024-01-03T14:00:00Z,1,1e999,1,1,1']), 'DATA_BAD_ROWS', /:5$/],
  ['a high below the close', csv([...sound(3), '2024-01-03T14:00:00Z,1,1,1,2,1']), 'DATA_BAD_ROWS', /:5$/],
  ['a low above the open', csv([...sound(3), '2024-01-03T14:00:00Z,1,3,2,2,1']), 'DATA_BAD_ROWS', /:5$/],
  ['negative volume', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,1,1,-5']), 'DATA_BAD_ROWS', /:5$/],
  ['too few cells', csv([...sound(3), '2024-01-03T14:00:00Z,1,2']), 'DATA_BAD_ROWS', /:5$/],
  ['too many cells', csv([...sound(3), '2024-01-03T14:00:00Z,1,2,1,1,1,1']), 'DATA_BAD_ROWS', /:5$/],
  ['semicolons for commas', csv(sound(3)).replaceAll(',', ';'), 'DATA_COLUMN_MISSING', /:1$/],
  [
    'futures prices between ticks',
    csv(['2024-01-02T15:00:00Z,100.25,100.3,100,100,1', '2024-01-02T15:01:00Z,100,100,100,100,1']),
    'DATA_BAD_ROWS',
    /:2$/,
    { symbol: 'ES' },
  ],
  ['a quote that never ends', csv(['"2024-01-02T15:00:00Z,1,2,1,1,1']), 'DATA_CSV_QUOTE', /:2$/],
  ['bytes that are not UTF-8', Uint8Array.from([0x74, 0x69, 0xff, 0xfe, 0x0a]), 'DATA_NOT_TEXT', /:1$/],
  ['a binary file', new Uint8Array(200_000).fill(7), 'DATA_NOT_TEXT', /:1$/],
  ['NUL bytes in the header', `ti\0me,${HEADER}`, 'DATA_NOT_TEXT', /:1$/],
  ['a cut-off gzip', gzipSync(csv(sound(500))).subarray(0, 900), 'DATA_COMPRESSED_BROKEN', /gz$/, {}, 'bars.csv.gz'],
  ['a gzip that is none', csv(sound(3)), 'DATA_COMPRESSED_BROKEN', /gz$/, {}, 'bars.csv.gz'],
]

for (const [what, content, code, place, options, name] of BAD) {
  test(`${what} is refused as ${code}, with its place and what to do`, async () => {
    await assert.rejects(importText(content, options, name), (error: unknown) => {
      assert.ok(error instanceof Fault, String(error))
      assert.equal(error.code, code)
      assert.match(error.place ?? '', place)
      assert.ok((error.fix ?? '') !== '')
      return true
    })
  })
}

test('one bad row in many is reported with its line and never stops the file', async () => {
  const lines = sound(200)
  lines[120] = lines[120]!.replace(',97,', ',500,')
  const { report, bars } = await importText(csv(lines))
  assert.deepEqual([report.rowsRead, report.stored, report.rejected, bars.length], [200, 199, 1, 199])
  assert.deepEqual(report.firstRejects[0], {
    line: 122,
    reason: 'low is above open or close',
    text: report.firstRejects[0]!.text,
  })
})

test('equal rows are dropped, of contradicting ones the later received stands, disorder is sorted', async () => {
  const lines = sound(6)
  const changed = lines[2]!.replace(/,10$/, ',99')
  const { report, bars } = await importText(csv([lines[1]!, lines[0]!, ...lines.slice(1), changed]))
  assert.deepEqual([report.duplicates, report.conflicts, report.outOfOrder, report.stored], [1, 1, 2, 6])
  assert.equal(bars[2]!.volume, 99)
})

test('a spike that the next bar takes back is held back, a jump that stays is not', async () => {
  const rng = seededRng(1)
  const line = (i: number, close: number) =>
    `${new Date(Date.parse('2023-01-02T00:00:00Z') + i * 3_600_000).toISOString()},${close},${close + 1},${close - 1},${close},1`
  const closes = Array.from(
    { length: 900 },
    (_, i) => 100 + 0.05 * rng.normal() + (i >= 800 ? 20 : 0) + (i === 700 ? 20 : 0),
  )
  const { report } = await importText(csv(closes.map((close, i) => line(i, close))))
  assert.equal(report.quarantined, 1)
  assert.equal(report.firstRejects[0]?.line, 702)
})

test('epoch seconds, milliseconds, microseconds and nanoseconds are told apart', async () => {
  const start = Date.parse('2024-01-02T14:00:00Z')
  for (const unit of [1e-3, 1, 1e3, 1e6]) {
    const lines = [0, 1, 2].map(i => `${BigInt(Math.round((start + i * 60_000) * unit))},1,1,1,1,1`)
    const { bars, barMs } = await importText(csv(lines))
    assert.deepEqual([bars[0]!.time, barMs], [start, 60_000])
  }
})

test('wall times need a zone and follow its summer time', async () => {
  const lines = ['2024-03-08 09:30', '2024-03-11 09:30', '2024-03-11 10:30'].map(time => `${time},1,1,1,1,1`)
  const { bars } = await importText(csv(lines), { zone: zone('America/New_York'), barMs: 3_600_000 })
  assert.deepEqual(
    bars.map(bar => new Date(bar.time).toISOString().slice(5, 16)),
    ['03-08T14:30', '03-11T13:30', '03-11T14:30'],
  )
})

test('a daily bar is known at the close of its session, an hourly one at its end', async () => {
  const daily = await importText(csv(['2024-07-02,1,1,1,1,1', '2024-07-03,1,1,1,1,1']), { calendar: 'nyse' })
  assert.equal(new Date(daily.bars[1]!.knownAt).toISOString(), '2024-07-03T17:00:00.000Z')
  const hourly = await importText(csv(sound(5)))
  assert.equal(hourly.bars[0]!.knownAt - hourly.bars[0]!.time, 3_600_000)
})

for (const [file, symbol, calendar, barMs] of [
  ['equity_daily_adj/SPY_1d_adj.csv.gz', 'SPY', 'nyse', 86_400_000],
  ['equity_hourly/AAPL_1h_adj.csv.gz', 'AAPL', 'nyse', 3_600_000],
  ['fx/EURUSD_1h_mid.csv.gz', 'EURUSD', 'fx', 3_600_000],
  ['futures/ES_Z2013_1m.csv.gz', 'ES', 'cme-index', 60_000],
  ['crypto/BTCPERP_1m_2022-01a.csv.gz', 'BTCPERP', '24x7', 60_000],
] as const) {
  test(`${symbol} comes in whole with the facts computed independently`, { skip: skipWithoutData() }, async () => {
    const path = join(sharedData()!, file)
    const facts = (
      JSON.parse(readFileSync(join(sharedData()!, 'expected.json'), 'utf8')) as {
        files: Record<
          string,
          { rows: number; sha256: string; sum_close: number; first_close: number; last_close: number }
        >
      }
    ).files[file]!
    const hash = await fileSha256(path)
    const { bars, report } = await importBars(await csvSource(path), {
      symbol,
      maxBad: 0.01,
      now: NOW,
      fileSha256: hash,
    })
    assert.equal(hash, facts.sha256)
    assert.deepEqual([report.stored, report.calendar, report.barMs], [facts.rows, calendar, barMs])
    assert.deepEqual([bars[0]!.close, bars.at(-1)!.close], [facts.first_close, facts.last_close])
    const sum = bars.reduce((total, bar) => total + bar.close, 0)
    assert.ok(Math.abs(sum - facts.sum_close) < 1e-9 * facts.sum_close)
  })
}
