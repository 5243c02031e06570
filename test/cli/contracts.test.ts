import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { dayLabel, labelDay } from '../../src/market/calendars/zone.ts'
import { contractOf, expiryOf, nextContract } from '../../src/market/contract.ts'
import { world } from './host.ts'

const HEADER = 'date,open,high,low,close,volume'
type Row = readonly [day: number, close: number, volume: number]

const cells = ([day, close, volume]: Row): string =>
  `${dayLabel(day)},${close},${close + 1},${close - 1},${close},${volume}`

/** Weekdays from a day on. */
const weekdays = (from: string, count: number): number[] => {
  const first = Date.parse(`${from}T00:00:00Z`) / 86_400_000
  return Array.from({ length: count * 2 }, (_, i) => first + i)
    .filter(day => ![6, 0].includes(new Date(day * 86_400_000).getUTCDay()))
    .slice(0, count)
}

/** September 2024 of ES leads until the 10th of the month; December stands 1 % higher. */
const september: readonly Row[] = weekdays('2024-08-12', 28).map((day, i) => [day, 5500 + i, 100])
const december: readonly Row[] = weekdays('2024-08-12', 60).map((day, i) => [
  day,
  5555 + i,
  day < Date.parse('2024-09-10T00:00:00Z') / 86_400_000 ? 10 : 500,
])

test('contracts are stored each by itself, on the grid of their root, and roll into one series', async context => {
  const { run, json, directory } = await world(context)
  const [u, z] = [join(directory, 'u.csv'), join(directory, 'z.csv')]
  await writeFile(u, [HEADER, ...september.map(cells)].join('\n'))
  await writeFile(z, [HEADER, ...december.map(cells)].join('\n'))
  assert.equal((await run('data', 'import', u, '--contract', 'ESU4')).code, 0)
  assert.equal((await run('data', 'import', z, '--contract', 'ESZ24')).code, 0)
  const { out } = await run('data', 'list')
  assert.match(out, /ESU2024 +1d +28/)
  assert.match(out, /ESZ2024 +1d +60/)
  assert.equal((await run('data', 'check')).code, 0)
  const { code, value } = await json('data', 'roll', 'ES', '--bar', '1d')
  assert.equal(code, 0)
  const [first, second] = value['rolls'] as readonly Record<string, unknown>[]
  assert.deepEqual([first!['contract'], first!['from'], first!['cause']], ['ESU2024', '2024-08-12', 'first'])
  // It led on the 10th and the 11th; eight days before the 20th is the 12th as well.
  assert.deepEqual([second!['contract'], second!['from'], second!['cause']], ['ESZ2024', '2024-09-12', 'volume'])
  assert.equal(second!['ratio'], 5577 / 5522)
  assert.equal(value['bars'], 23 + (60 - 23))
  const shown = await run('data', 'roll', 'ES', '--bar', '1d')
  assert.match(shown.out, /ESZ2024 +2024-09-12 +37 +1\.009960 +it led for two sessions/)
})

test('a file with a contract column is stored contract by contract, and is no single series for anything else', async context => {
  const { run, json, directory } = await world(context)
  const file = join(directory, 'both.csv')
  const rows = [...september.map(row => `${cells(row)},ESU4`), ...december.map(row => `${cells(row)},ESZ4`)]
  await writeFile(file, [`${HEADER},contract`, ...rows].join('\n'))
  const { code, value } = await json('data', 'import', file)
  assert.equal(code, 0)
  assert.deepEqual(
    (value['imported'] as readonly { symbol: string; stored: number }[]).map(({ symbol, stored }) => [symbol, stored]),
    [
      ['ESU2024', 28],
      ['ESZ2024', 60],
    ],
  )
  assert.equal((await run('data', 'roll', 'ES', '--bar', '1d')).code, 0)
  const refused = await run('train', '--bars', file, '--symbol', 'ES', '--out', join(directory, 'out'))
  assert.equal(refused.code, 2)
  assert.match(refused.err, /DATA_CONTRACT_MANY: the file has bars of 2 contracts/)
})

test('what is no contract, is off its grid, is over, or is not there is refused in words', async context => {
  const { run, directory } = await world(context)
  const write = async (name: string, rows: readonly string[]) => {
    const file = join(directory, name)
    await writeFile(file, [HEADER, ...rows].join('\n'))
    return file
  }
  const good = await write('good.csv', september.map(cells))
  const off = await write('off.csv', ['2024-08-12,5500.1,5501,5499,5500.1,1', '2024-08-13,5500.1,5501,5499,5500.1,1'])
  for (const [args, said] of [
    [['data', 'import', good, '--contract', 'CLZ4'], /INSTRUMENT_UNKNOWN: CLZ4 is no contract.*--contract/],
    [['data', 'import', good, '--contract', 'ESZ2020'], /INSTRUMENT_EXPIRED: ESZ2020 expired on 2020-12-18/],
    [['data', 'import', off, '--contract', 'ESU4'], /DATA_BAD_ROWS.*multiple of the tick/],
    [['data', 'roll', 'ES'], /DATA_NONE_STORED: no contract of ES/],
    [['data', 'roll', 'AAPL'], /INSTRUMENT_UNKNOWN: AAPL is no root/],
  ] as const) {
    const { code, err } = await run(...args)
    assert.ok(code > 0, args.join(' '))
    assert.match(err, said)
  }
})

/** Twelve years of one simulated market in quarterly contracts, each 0.4 % above the one before, volume moving over eight days before expiry. */
function simulatedContracts(): string {
  const rng = seededRng('contracts')
  let price = 900
  const walk = new Map<number, readonly [open: number, close: number]>()
  for (const day of weekdays('2008-12-15', 3130)) {
    const open = price
    price *= 1 + (rng.next() + rng.next() + rng.next() - 1.5) * 0.02 + 0.0003
    walk.set(day, [open, price])
  }
  const lines = [`${HEADER},contract`]
  for (let n = 0, contract = contractOf('ES', 2009, 3); n < 48; n++, contract = nextContract(contract)) {
    const last = labelDay(expiryOf(contract))
    for (const [day, prices] of walk) {
      if (day > last || day < last - 130) continue
      const [open, close] = prices.map(one => Math.round(one * (1 + n * 0.004) * 4) / 4) as [number, number]
      const [low, high] = [Math.min(open, close) - rng.int(20) / 4, Math.max(open, close) + rng.int(20) / 4]
      const volume = day >= last - 99 && day < last - 8 ? 1000 + rng.int(500) : 50 + rng.int(100)
      lines.push(`${dayLabel(day)},${open},${high},${low},${close},${volume},${contract.code}`)
    }
  }
  return lines.join('\n')
}

test('a release is trained on the contracts of a root, says so, and is refused while their source is blocked', async context => {
  const { run, json, directory } = await world(context)
  const file = join(directory, 'es.csv')
  await writeFile(file, simulatedContracts())
  assert.equal((await run('data', 'import', file, '--simulated')).code, 0)
  const out = join(directory, 'release')
  const train = ['train', '--contracts', 'ES', '--bar', '1d', '--out', out] as const
  await run('data', 'block', 'simulated', '--reason', 'a test')
  assert.match((await run(...train)).err, /DATA_BLOCKED: data of source simulated/)
  await run('data', 'unblock', 'simulated', '--reason', 'tested')
  const trained = await run(...train)
  assert.equal(trained.code, 0, trained.err)
  assert.match(trained.out, /^release r-/)
  const files = await readdir(out, { recursive: true })
  const evidence = await Promise.all(
    files.filter(name => /\.(json|md)$/.test(name)).map(name => readFile(join(out, name), 'utf8')),
  )
  assert.ok(evidence.some(text => text.includes('simulated')))
  const { value } = await json('data', 'roll', 'ES', '--bar', '1d')
  assert.ok(
    evidence.some(text => text.includes(value['snapshotId'] as string)),
    'the release names the data it was made from',
  )
  for (const [args, said] of [
    [['train', '--out', join(directory, 'x')], /USAGE: what to learn from/],
    [['train', '--bars', file, '--contracts', 'ES', '--out', join(directory, 'x')], /USAGE: what to learn from/],
    [['train', '--contracts', 'NQ', '--out', join(directory, 'x')], /DATA_NONE_STORED: no contract of NQ/],
    [['train', '--contracts', 'ES', '--actions', file, '--out', join(directory, 'x')], /USAGE: contracts have neither/],
  ] as const) {
    assert.match((await run(...args)).err, said)
  }
})
