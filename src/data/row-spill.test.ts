import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { checkRows, type ImportOptions, importBars } from './import.ts'
import { diskSpill, type Row } from './row-spill.ts'
import type { RowSource } from './rows.ts'

const HOUR = 3_600_000
const START = Date.parse('2023-01-15T00:00:00Z')
const OPTIONS: ImportOptions = {
  symbol: 'COIN',
  calendar: '24x7',
  maxBad: 0.01,
  now: Date.parse('2026-01-01'),
  fileSha256: '',
}

const row = (line: number, time: number): Row => {
  return { line, time, label: line % 2 === 0, open: 1 / 3, high: 1e-9, low: 5e300, close: Number.MIN_VALUE, volume: 0 }
}

test('rows come back bit for bit by month, in the order of their coming, whatever was written to disk', async () => {
  const spill = diskSpill(memoryDisk(), '/reading', 7)
  const rows = Array.from({ length: 40 }, (_, i) => row(i + 2, START + ((i * 17) % 40) * 24 * HOUR))
  for (const one of rows) await spill.put(one)
  assert.deepEqual(spill.months(), ['2023-01', '2023-02'])
  const january = rows.filter(({ time }) => time < Date.parse('2023-02-01'))
  assert.deepEqual(await spill.rows('2023-01'), january)
  assert.equal((await spill.rows('2023-02')).length, 40 - january.length)
})

test('nothing of it stays on disk, and what an import that was killed left there is not read', async () => {
  const disk = memoryDisk()
  const killed = diskSpill(disk, '/reading', 2)
  for (let i = 0; i < 5; i++) await killed.put(row(i, START))
  const spill = diskSpill(disk, '/reading', 2)
  for (let i = 0; i < 3; i++) await spill.put(row(i, START))
  assert.equal((await spill.rows('2023-01')).length, 3)
  await spill.clear()
  assert.deepEqual(await disk.list('/reading'), [])
})

/** 2,000 hours in disorder with duplicates, contradictions and spikes, one of them the last bar of a month. */
function wild(): RowSource {
  const rng = seededRng('spill')
  let close = 100
  const bars = Array.from({ length: 2000 }, (_, i) => {
    close *= 1 + (rng.next() - 0.5) * 0.002
    return { time: START + i * HOUR, close }
  })
  const march = bars.findIndex(({ time }) => time === Date.parse('2023-03-01T00:00:00Z'))
  for (const spike of [900, march - 1, march + 300]) bars[spike]!.close *= 1.5
  const shuffled = [...bars, bars[10]!, { ...bars[20]!, close: 101 }]
  for (let i = shuffled.length - 3; i > 0; i--) {
    const j = rng.int(i)
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  return {
    name: 'wild',
    columns: ['time', 'open', 'high', 'low', 'close', 'volume'],
    async *rows() {
      for (const [i, { time, close: at }] of shuffled.entries()) {
        yield { line: i + 2, cells: [new Date(time).toISOString(), ...[at, at + 1, at - 1, at, 5].map(String)] }
      }
    },
  }
}

test('an import by month from disk gives what an import in one piece gives: bars, counts, spikes at the edge of a month', async () => {
  const whole = await importBars(wild(), OPTIONS)
  assert.deepEqual([whole.report.quarantined, whole.report.duplicates, whole.report.conflicts], [3, 1, 1])
  const spill = diskSpill(memoryDisk(), '/reading', 100)
  const checked = await checkRows(wild(), spill, OPTIONS)
  const bars: Bar[] = []
  const months: string[] = []
  for await (const month of checked.months()) {
    checked.series.add(month.bars)
    bars.push(...month.bars)
    months.push(month.month)
  }
  assert.deepEqual(months, ['2023-01', '2023-02', '2023-03', '2023-04'])
  assert.deepEqual(bars, whole.bars)
  assert.deepEqual(checked.report(checked.series.sums()), whole.report)
  assert.deepEqual(checked.rejects(), whole.rejects)
})
