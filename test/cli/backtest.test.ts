import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/base/config.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { KEY, NOW, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { SAMPLE, world } from './host.ts'

const LINE = ['backtest', '--bars', SAMPLE, '--symbol', 'SPX', '--monte-carlo', '50'] as const

test('the first line says what was beaten; figures stand beside doing nothing, the market and chance', async context => {
  const { run } = await world(context)
  const { code, out } = await run(...LINE)
  assert.equal(code, 0)
  assert.match(
    out,
    /^Beats .*buy and hold.*: [+-]\d+\.\d % on \d+ trades\.\nSPX, 5103 bars, 2000-01-03 to 2020-04-17, models baseline/,
  )
  for (const wanted of [
    /Sharpe +-?\d+\.\d\d +95 % /,
    /buy and hold +\+109\.\d % +drawdown 56\.\d %/,
    /staying flat/,
    /50 did worse/,
  ]) {
    assert.match(out, wanted)
  }
  assert.match(out, /fingerprint [0-9a-f]{64}\n$/)
})

test('--json gives the whole report, and the same seed the same fingerprint', async context => {
  const { json } = await world(context)
  const first = await json(...LINE, '--seed', '1')
  const again = await json(...LINE, '--seed', '1', '--capital', '100000')
  const { value } = first
  assert.equal(first.code, 0)
  assert.equal(value['schema'], 'ratchet.backtest/1')
  assert.equal((value['equity'] as readonly number[]).length, 5103)
  assert.equal(value['inSample'], null)
  assert.deepEqual(again.value, value)
})

test('thin evidence is said in words, not in numbers', async context => {
  const { run } = await world(context)
  const { out } = await run(...LINE, '--capital', '1000')
  assert.match(out, /Sharpe +N\/A: 0 trades, 30 are needed\n/)
  assert.match(out, /random entries +N\/A: no trade to compare/)
})

test('a release that cannot be believed, or that reads other columns, is not run', async context => {
  const { run, ports, directory } = await world(context, {
    environment: { MANIFEST_HMAC_KEY: 'a key for tests that nobody else has, 1' },
    clock: { now: () => NOW + 365 * 86_400_000 },
  })
  const stranger = join(directory, 'stranger')
  await writeReleaseDirectory(ports.disk, stranger, tinyRelease({ seed: 1 }).files)
  const unbelieved = await run(...LINE, '--release', stranger)
  assert.equal(unbelieved.code, 1)
  assert.match(unbelieved.err, /SIGNATURE_INVALID/)
  const other = join(directory, 'other')
  const keys = [{ ...KEY, keyid: 'hmac:manifest:1' }]
  await writeReleaseDirectory(ports.disk, other, tinyRelease({ seed: 1, over: { keys } }).files)
  const columns = await run(...LINE, '--release', other)
  assert.equal(columns.code, 1)
  assert.match(columns.err, /^FEATURE_MISMATCH: the models read other columns/)
})

/** A file with the first rows of the sample, some changed. */
function rows(directory: string, change: (lines: string[]) => string[]): string {
  const file = join(directory, 'bars.csv')
  writeFileSync(file, change(readFileSync(SAMPLE, 'utf8').trim().split('\n').slice(0, 1201)).join('\n'))
  return file
}

test('bars that are missing, twice or out of order are listed and refused, and run over only when that is said', async context => {
  const { run, directory } = await world(context)
  const file = rows(directory, lines => [
    ...lines.slice(0, 500),
    ...lines.slice(501, 900),
    lines[899]!,
    ...lines.slice(900),
  ])
  const line = ['backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10']
  const refused = await run(...line)
  assert.equal(refused.code, 2)
  assert.match(refused.err, /^BARS_GAPS: bars of SPX are not whole: 1 missing \(\d{4}-\d\d-\d\d\); 1 twice/)
  const allowed = await run(...line, '--allow-gaps')
  assert.equal(allowed.code, 0)
  assert.match(allowed.out, /bars are not whole, and were run over as they are: 1 missing/)
})

test('without --bars the stored bars of a symbol are run over, with the same fingerprint', async context => {
  const { run, json, directory } = await world(context)
  const file = rows(directory, lines => lines)
  assert.equal((await run('data', 'import', file, '--symbol', 'SPX')).code, 0)
  const given = await json('backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10')
  const stored = await json('backtest', '--symbol', 'SPX', '--monte-carlo', '10')
  assert.equal(stored.code, 0)
  assert.equal(stored.value['fingerprint'], given.value['fingerprint'])
  const absent = await run('backtest', '--symbol', 'ABC')
  assert.equal(absent.code, 4)
  assert.match(absent.err, /^DATA_NONE_STORED: no bars of ABC are stored/)
})

test('one strategy decides alone, each backtest is counted, and commissions are those of the configuration', async context => {
  const settings = loadConfig(settingsSchema, { env: {}, sets: ['backtest.commission=3'] })
  const { json, run, directory } = await world(context, { ports: { settings } })
  const file = rows(directory, lines => lines)
  const line = ['backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10']
  const all = await json(...line)
  const alone = await json(...line, '--strategy', 'Momentum')
  const trades = alone.value['trades'] as readonly { readonly strategy: string }[]
  assert.deepEqual([...new Set(trades.map(({ strategy }) => strategy))], ['Momentum'])
  assert.equal(alone.value['models'], 'Momentum')
  assert.deepEqual(
    [all, alone].map(({ value }) => (value['tries'] as { readonly trials: number }).trials),
    [1, 2],
  )
  assert.match((alone.value['assumptions'] as readonly string[])[0]!, /\$3 commission a side/)
  const { out } = await run(...line, '--strategy', 'Momentum')
  assert.match(out, /^2 configurations tried: deflated Sharpe /m)
  assert.match(out, /bars with noise +return /)
})

test('finer bars are of the same symbol and shorter, or refused', async context => {
  const { run, json, directory } = await world(context)
  const day = (i: number) => new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10)
  const price = (i: number) => (1000 + 100 * Math.sin(i / 9)).toFixed(2)
  const bar = (time: string, i: number) =>
    `${time},${price(i)},${Number(price(i)) + 30},${Number(price(i)) - 30},${price(i + 1)},1000`
  const file = (name: string, lines: readonly string[]) => {
    writeFileSync(join(directory, name), ['date,open,high,low,close,volume', ...lines].join('\n'))
    return join(directory, name)
  }
  const days = file(
    'days.csv',
    Array.from({ length: 400 }, (_, i) => bar(day(i), i)),
  )
  const hours = file(
    'hours.csv',
    Array.from({ length: 9600 }, (_, i) =>
      bar(`${day(Math.floor(i / 24))}T${String(i % 24).padStart(2, '0')}:00:00Z`, i / 24),
    ),
  )
  const line = ['backtest', '--bars', days, '--symbol', 'COIN', '--calendar', '24x7', '--monte-carlo', '5']
  const { code, value } = await json(...line, '--finer', hours)
  assert.equal(code, 0)
  assert.ok((value['assumptions'] as readonly string[]).some(each => /bars of 60 min tell which came first/.test(each)))
  const same = await run(...line, '--finer', days)
  assert.equal(same.code, 2)
  assert.match(same.err, /^BARS_NOT_FINER: /)
})

test('a leak check looks for decisions that know the future, and finds none in the rules', async context => {
  const { run, directory } = await world(context)
  const file = rows(directory, lines => lines)
  const { code, out } = await run(
    'backtest',
    '--bars',
    file,
    '--symbol',
    'SPX',
    '--monte-carlo',
    '10',
    '--leak-check',
    '3',
  )
  assert.equal(code, 0)
  assert.match(out, /^no leak: decisions and fills never changed with what came after them \(3 cuts\)$/m)
})

test('parameters around its own are tried and counted, and lie in the page with every trade in a CSV beside it', async context => {
  const { json, run, directory } = await world(context)
  const file = rows(directory, lines => lines)
  const line = ['backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10']
  const { value } = await json(...line, '--grid', 'stopAtr=1,2/maxBars=20,100', '--html')
  const { grid, tries, report, trades } = value as {
    readonly grid: { readonly cells: readonly (readonly { readonly returnPct: number }[])[] }
    readonly tries: { readonly trials: number }
    readonly report: { readonly html: string; readonly csv: string }
    readonly trades: readonly unknown[]
  }
  // Two ATR and a hundred bars are the defaults: that pair is this backtest, and one try with it.
  assert.equal(grid.cells[1]![1]!.returnPct, value['returnPct'])
  assert.equal(tries.trials, 4)
  const page = readFileSync(report.html, 'utf8')
  for (const part of ['line mark line-2', 'Return by parameters', 'Entries and exits on the price', 'model version'])
    assert.match(page, new RegExp(part))
  const csv = readFileSync(report.csv, 'utf8').trim().split('\r\n')
  assert.equal(csv.length, trades.length + 1)
  assert.match(csv[1]!, /^[0-9A-Z]{26},baseline,/)
  for (const wrong of ['stopAtr=1,2', 'stopAtr=1/stopAtr=2', 'magic=1/maxBars=2', 'stopAtr=0/maxBars=2']) {
    assert.equal((await run(...line, '--grid', wrong)).code, 2, wrong)
  }
})

test('an earlier report stands beside the new one, figure by figure', async context => {
  const { run, json, directory } = await world(context)
  const file = rows(directory, lines => lines)
  const line = ['backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10']
  const first = await json(...line, '--html')
  const { html } = first.value['report'] as { readonly html: string }
  const name = html.slice(html.lastIndexOf('/') + 1, -'.html'.length)
  const { value } = await json(...line, '--strategy', 'Momentum', '--compare', name)
  const { figures } = value['compared'] as {
    readonly figures: readonly { label: string; own: number; other: number }[]
  }
  const found = figures.find(({ label }) => label === 'Return')!
  assert.deepEqual([found.own, found.other], [value['returnPct'], first.value['returnPct']])
  const unknown = await run(...line, '--compare', 'no-such-report')
  assert.match(unknown.err, /^REPORT_UNKNOWN: there is no report no-such-report/)
})

test('the brain of an empty state directory is the rules, and has no history', async context => {
  const { json, run, directory } = await world(context)
  const file = rows(directory, lines => lines)
  const line = ['backtest', '--bars', file, '--symbol', 'SPX', '--monte-carlo', '10', '--brain']
  assert.equal((await json(...line)).value['models'], 'baseline')
  const { err } = await run(...line, 'history')
  assert.match(err, /^NO_HISTORY: no release was ever in charge here/)
})

test('missing and contradictory options are usage errors', async context => {
  const { run } = await world(context)
  for (const line of [
    ['backtest'],
    [...LINE, '--strategy', 'baseline', '--release', 'x'],
    [...LINE, '--strategy', 'magic'],
    [...LINE, '--capital', '12'],
    [...LINE, '--monte-carlo', '0'],
  ]) {
    const { code, out, err } = await run(...line)
    assert.equal(code, 2, line.join(' '))
    assert.equal(out, '')
    assert.match(err, /^(error|USAGE): /)
  }
})
